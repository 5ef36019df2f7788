import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Placing, parcelNotThere, parcelTaken } from '../../server/domain/parcels.ts'
import { openToTakeBack } from '../../server/domain/take-back.ts'
import { toTakeBack } from '../../server/store/parcels.ts'
import { carrierOf, collect, deposit, offerOf, stateOf } from './deposit.ts'
import { compartments, type House, openHouse } from './house.ts'
import { openAndShut, overdueNow, runJobs, takeBack } from './overdue.ts'

let house: House
let carrierId: string
let parcel: Placing
beforeEach(async () => {
  house = await openHouse(compartments(2))
  await house.online()
  carrierId = await carrierOf(house)
  parcel = await deposit(house, { carrierId })
})
afterEach(() => house.close())

const open = () => openToTakeBack(house.ctx, { id: parcel.id, actorId: carrierId })
const revoked = async () => {
  const [row] = await house.ctx.sql`
    select g.revoked_at is not null as revoked from parcels p join grants g on g.id = p.pickup_grant_id`
  return row!.revoked
}

test('overdue: listed for its carrier, taken back, the box is free and the code opens no more', async () => {
  await expect(open()).rejects.toMatchObject({ reason: 'not-overdue' })
  await overdueNow(house)
  const listed = await toTakeBack(house.ctx.sql, { siteId: house.siteId, carrierId })
  expect(listed).toMatchObject([{ id: parcel.id, door: parcel.door, receipt: parcel.receipt }])
  const other = await carrierOf(house, 'OTHER-123')
  expect([...(await toTakeBack(house.ctx.sql, { siteId: house.siteId, carrierId: other }))]).toEqual([])
  expect(await revoked()).toBe(false)
  await takeBack(house, parcel)
  expect([await stateOf(house, parcel.id), await offerOf(house, parcel.doorId)]).toEqual(['returned', 'free'])
  expect(await revoked()).toBe(true)
  await expect(open()).rejects.toMatchObject({ reason: 'not-overdue' })
})

test('until it is taken back the resident’s code opens, and then there is nothing to take back', async () => {
  await overdueNow(house)
  await collect(house, parcel)
  expect(await stateOf(house, parcel.id)).toBe('collected')
  await expect(open()).rejects.toMatchObject({ reason: 'not-overdue' })
})

test('said before the box was opened, or with its door open: refused', async () => {
  await overdueNow(house)
  await expect(parcelTaken(house.ctx, parcel.id)).rejects.toMatchObject({ reason: 'not-opened' })
  await open()
  await house.outbox.idle()
  const { order, grant } = house.said.findLast(each => each.kind === 'order')!.message
  const { door } = parcel
  await house.events({ type: 'unlocked', door, cause: { order, grant } }, { type: 'opened', door })
  await expect(parcelTaken(house.ctx, parcel.id)).rejects.toMatchObject({ reason: 'door-open' })
})

test('not there: contested until somebody looks', async () => {
  await overdueNow(house)
  await openAndShut(house, parcel, 'vacant')
  await parcelNotThere(house.ctx, parcel.id)
  expect([await stateOf(house, parcel.id), await offerOf(house, parcel.doorId)]).toEqual(['contested', 'contested'])
})

test('taken, but the sensor still sees something: not offered; freed when the sensor sees it empty', async () => {
  await overdueNow(house)
  await openAndShut(house, parcel, 'occupied')
  await parcelTaken(house.ctx, parcel.id)
  expect([await stateOf(house, parcel.id), await offerOf(house, parcel.doorId)]).toEqual(['returned', 'contested'])
  await house.events({ type: 'vacant', door: parcel.door })
  expect(await offerOf(house, parcel.doorId)).toBe('free')
})

test('the carrier went away without a word: contested after 5 minutes', async () => {
  await overdueNow(house)
  await openAndShut(house, parcel, 'vacant')
  await runJobs(house)
  expect(await stateOf(house, parcel.id)).toBe('expired')
  await house.ctx.sql`update parcels set opened_at = opened_at - interval '6 minutes'`
  await runJobs(house)
  expect([await stateOf(house, parcel.id), await offerOf(house, parcel.doorId)]).toEqual(['contested', 'contested'])
})

test('a bank that is away opens nothing', async () => {
  await overdueNow(house)
  await house.ctx.sql`update controllers set online = false`
  await expect(open()).rejects.toMatchObject({ reason: 'not-reachable' })
})
