import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownParcels } from '../../server/domain/own-parcels.ts'
import { extendParcel } from '../../server/domain/parcel-deadlines.ts'
import { cancelParcel } from '../../server/domain/parcels.ts'
import { handOver, putOnShelf } from '../../server/domain/shelf.ts'
import { openToTakeBack } from '../../server/domain/take-back.ts'
import { toTakeBack } from '../../server/store/parcels.ts'
import { carrierOf, stateOf } from './deposit.ts'
import { type House, openHouse } from './house.ts'
import { overdueNow } from './overdue.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const onShelf = async (more: object = {}) => {
  const { siteId, residentId } = house
  return putOnShelf(house.ctx, { siteId, residentId, size: 'XL', shelf: 'A3', actorId: residentId, ...more })
}
const give = (id: string, to: 'resident' | 'carrier') => handOver(house.ctx, { id, to, actorId: house.residentId })

test('recorded with its place, no grant and no door; handed over at the counter once', async () => {
  const { id, receipt } = await onShelf()
  const [row] = await house.ctx
    .sql`select state, shelf, door_id, pickup_grant_id, deadline_at > now() as later from parcels`
  expect(row).toEqual({ state: 'waiting', shelf: 'A3', doorId: null, pickupGrantId: null, later: true })
  expect((await house.ctx.sql`select 1 from grants`).length).toBe(0)
  expect(await give(id, 'resident')).toMatchObject({ id, receipt, state: 'collected' })
  await expect(give(id, 'resident')).rejects.toMatchObject({ reason: 'parcel-ended' })
})

test('overdue on the shelf: on the carrier’s list with its place, and given back to the carrier', async () => {
  const carrierId = await carrierOf(house)
  const { id } = await onShelf({ carrierId })
  await overdueNow(house)
  expect(await stateOf(house, id)).toBe('expired')
  const listed = await toTakeBack(house.ctx.sql, { siteId: house.siteId, carrierId })
  expect(listed).toMatchObject([{ id, shelf: 'A3', door: null }])
  await expect(openToTakeBack(house.ctx, { id, actorId: carrierId })).rejects.toMatchObject({ reason: 'on-shelf' })
  expect(await give(id, 'carrier')).toMatchObject({ state: 'returned' })
})

test('its resident sees it at the counter, without a code, and may have more time', async () => {
  const { id } = await onShelf()
  expect(await ownParcels(house.ctx, house.residentId)).toMatchObject([{ id, bank: null, door: null, shelf: 'A3' }])
  await overdueNow(house)
  expect(await extendParcel(house.ctx, { id, actorId: house.residentId })).toMatchObject({ state: 'waiting' })
  expect(await stateOf(house, id)).toBe('waiting')
})

test('what is for a box is refused with the place in mind', async () => {
  const { id } = await onShelf()
  await expect(cancelParcel(house.ctx, id)).rejects.toMatchObject({ reason: 'on-shelf' })
  const unknown = putOnShelf(house.ctx, {
    siteId: house.siteId,
    flat: 'Z9',
    size: 'S',
    shelf: 'A1',
    actorId: house.residentId,
  })
  await expect(unknown).rejects.toMatchObject({ reason: 'not-found', field: 'flat' })
})
