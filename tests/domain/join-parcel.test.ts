import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeAlert } from '../../server/domain/alerts.ts'
import { correctParcel } from '../../server/domain/correct.ts'
import { codeOfGrant } from '../../server/domain/grants.ts'
import { joinParcel } from '../../server/domain/join-parcel.ts'
import { extendParcel } from '../../server/domain/parcel-deadlines.ts'
import { cancelParcel, parcelPlaced, placeParcel } from '../../server/domain/parcels.ts'
import { reissueCode } from '../../server/domain/pickup-code.ts'
import { reassignParcel } from '../../server/domain/reassign.ts'
import { createResident } from '../../server/domain/residents.ts'
import { swapParcel } from '../../server/domain/swap-parcel.ts'
import { openToTakeBack } from '../../server/domain/take-back.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { carrierOf, collect, deposit, offerOf, putIn, stateOf } from './deposit.ts'
import { compartments, type House, openHouse } from './house.ts'
import { overdueNow, takeBack } from './overdue.ts'

let house: House
let carrierId: string
beforeEach(async () => {
  house = await openHouse(compartments(2))
  await house.online()
  carrierId = await carrierOf(house)
})
afterEach(() => house.close())

const codeOf = async (id: string) => {
  const [row] = await house.ctx.sql`select pickup_grant_id as grant from parcels where id = ${id}`
  return codeOfGrant(house.ctx, row!.grant)
}
const wanted = () => ({ controllerId: 'bank-1', residentId: house.residentId, size: 'M', carrierId }) as const

test('the second parcel of a flat goes into the box of the first: one code, and one opening collects both', async () => {
  const first = await deposit(house, { carrierId })
  const { id: wife } = await createResident(house.ctx, { siteId: house.siteId, name: 'Ada’s wife', flat: 'a1' })
  const second = await deposit(house, { carrierId, residentId: wife, join: true })
  expect(second.door).toBe(first.door)
  expect(await codeOf(second.id)).toBe(await codeOf(first.id))
  await collect(house, first)
  expect([await stateOf(house, first.id), await stateOf(house, second.id)]).toEqual(['collected', 'collected'])
  expect(await offerOf(house, first.doorId)).toBe('free')
  const facts = await house.ctx.sql`select parcel_id from history where type = 'parcel-collected' order by n`
  expect(facts.map(each => each.parcelId)).toEqual([first.id, second.id])
  expect(await brokenAt(house.ctx.sql, house.siteId)).toBeNull()
})

test('a box is not shared with another flat, with another carrier, or shortly before the deadline', async () => {
  await deposit(house, { carrierId })
  const { id: stranger } = await createResident(house.ctx, { siteId: house.siteId, name: 'Bob', flat: 'B2' })
  const refused = { reason: 'no-box-to-share' }
  await expect(joinParcel(house.ctx, { ...wanted(), residentId: stranger })).rejects.toMatchObject(refused)
  const other = await carrierOf(house, 'OTHER-123')
  await expect(joinParcel(house.ctx, { ...wanted(), carrierId: other })).rejects.toMatchObject(refused)
  await house.ctx.sql`update parcels set deadline_at = now() + interval '47 hours'`
  await expect(joinParcel(house.ctx, wanted())).rejects.toMatchObject(refused)
})

test('it does not fit beside the first: another box for it, and the first waits on as it was', async () => {
  const first = await deposit(house, { carrierId })
  const second = await joinParcel(house.ctx, wanted())
  await house.outbox.idle()
  await putIn(house, second)
  const elsewhere = await swapParcel(house.ctx, second.id, { size: 'M' })
  expect(elsewhere.doorId).not.toBe(first.doorId)
  const [row] = await house.ctx.sql`select joined_to from parcels where id = ${second.id}`
  expect(row!.joinedTo).toBeNull()
  expect([await stateOf(house, first.id), await offerOf(house, first.doorId)]).toEqual(['waiting', 'in-use'])
  await house.outbox.idle()
  await putIn(house, elsewhere)
  await parcelPlaced(house.ctx, second.id)
  expect(await codeOf(second.id)).not.toBe(await codeOf(first.id))
})

test('cancelled with the door shut the box stays the first one’s; with the door open somebody has to look', async () => {
  const first = await deposit(house, { carrierId })
  const second = await joinParcel(house.ctx, wanted())
  await house.outbox.idle()
  await putIn(house, second)
  await cancelParcel(house.ctx, second.id)
  expect([await stateOf(house, first.id), await offerOf(house, first.doorId)]).toEqual(['waiting', 'in-use'])

  const third = await joinParcel(house.ctx, wanted())
  await house.outbox.idle()
  const { order, grant } = house.said.findLast(each => each.kind === 'order')!.message
  await house.events(
    { type: 'unlocked', door: third.door, cause: { order, grant } },
    { type: 'opened', door: third.door },
  )
  await cancelParcel(house.ctx, third.id)
  expect(await offerOf(house, first.doorId)).toBe('contested')
})

test('the first was fetched while the second was put in: the second waits alone, with a code of its own', async () => {
  const first = await deposit(house, { carrierId })
  const second = await joinParcel(house.ctx, wanted())
  await house.outbox.idle()
  await house.ctx.sql`update parcels set state = 'collected', ended_at = now() where id = ${first.id}`
  await putIn(house, second)
  await parcelPlaced(house.ctx, second.id)
  const [row] = await house.ctx.sql`select joined_to, state from parcels where id = ${second.id}`
  expect(row).toEqual({ joinedTo: null, state: 'waiting' })
  expect(await codeOf(second.id)).not.toBe(await codeOf(first.id))
})

test('fetched through a door without a sensor while the second is being put in: the box is not offered', async () => {
  await house.close()
  const blind = { kind: 'compartment', size: 'M', doorSensor: false, occupancySensor: false } as const
  house = await openHouse([{ door: 1, ...blind }])
  await house.online()
  carrierId = await carrierOf(house)
  const unlocked = (grant: string, order?: unknown) =>
    house.events({ type: 'unlocked', door: 1, cause: order ? { grant, order } : { grant } })
  const byOrder = () => {
    const { order, grant } = house.said.findLast(each => each.kind === 'order')!.message
    return unlocked(String(grant), order)
  }
  const first = await placeParcel(house.ctx, wanted())
  await house.outbox.idle()
  await byOrder()
  await parcelPlaced(house.ctx, first.id)
  const second = await joinParcel(house.ctx, wanted())
  await house.outbox.idle()
  const [row] = await house.ctx.sql`select pickup_grant_id as grant from parcels where id = ${first.id}`
  await unlocked(row!.grant)
  expect([await stateOf(house, first.id), await offerOf(house, first.doorId)]).toEqual(['collected', 'reserved'])
  await byOrder()
  await parcelPlaced(house.ctx, second.id)
  expect([await stateOf(house, second.id), await offerOf(house, first.doorId)]).toEqual(['waiting', 'in-use'])
})

test('a new code is one for both; one of them cannot be given to somebody else', async () => {
  const first = await deposit(house, { carrierId })
  const second = await deposit(house, { carrierId, join: true })
  const before = await codeOf(first.id)
  await reissueCode(house.ctx, { id: second.id, actorId: house.residentId, reason: 'slip lost' })
  expect(await codeOf(first.id)).not.toBe(before)
  expect(await codeOf(second.id)).toBe(await codeOf(first.id))
  const { id: residentId } = await createResident(house.ctx, { siteId: house.siteId, name: 'Bob', flat: 'B2' })
  const given = { id: first.id, residentId, actorId: house.residentId, reason: 'wrong name' }
  await expect(reassignParcel(house.ctx, given)).rejects.toMatchObject({ reason: 'box-shared' })
})

test('both become overdue together, and one taking back returns both', async () => {
  const first = await deposit(house, { carrierId })
  const second = await deposit(house, { carrierId, join: true })
  await overdueNow(house)
  expect([await stateOf(house, first.id), await stateOf(house, second.id)]).toEqual(['expired', 'expired'])
  const alone = { id: second.id, actorId: carrierId }
  await expect(openToTakeBack(house.ctx, alone)).rejects.toMatchObject({ reason: 'box-shared' })
  const more = await extendParcel(house.ctx, { id: second.id, actorId: house.residentId })
  const deadlines = await house.ctx.sql`select distinct deadline_at, state from parcels`
  expect([...deadlines]).toEqual([{ deadlineAt: new Date(more.deadlineAt), state: 'waiting' }])
  await overdueNow(house)
  await takeBack(house, first)
  expect([await stateOf(house, first.id), await stateOf(house, second.id)]).toEqual(['returned', 'returned'])
})

test('what is contested for itself does not go on with the other, and keeps the box from being offered', async () => {
  const first = await deposit(house, { carrierId })
  const second = await deposit(house, { carrierId, join: true })
  for (const { id } of [second, first])
    await makeAlert(house.ctx, { parcelId: id, kind: 'not-mine', actorId: house.residentId })
  await correctParcel(house.ctx, { id: first.id, state: 'waiting', actorId: house.residentId, reason: 'it is theirs' })
  expect([await stateOf(house, first.id), await stateOf(house, second.id)]).toEqual(['waiting', 'contested'])
  await collect(house, first)
  expect([await stateOf(house, first.id), await stateOf(house, second.id)]).toEqual(['collected', 'contested'])
  expect(await offerOf(house, first.doorId)).toBe('contested')
})

test('what was collected at another time does not wait again with the first', async () => {
  const first = await deposit(house, { carrierId })
  const second = await deposit(house, { carrierId, join: true })
  const by = { actorId: house.residentId, reason: 'they said so' }
  await correctParcel(house.ctx, { id: second.id, state: 'collected', ...by })
  await collect(house, first)
  await correctParcel(house.ctx, { id: first.id, state: 'waiting', ...by })
  expect([await stateOf(house, first.id), await stateOf(house, second.id)]).toEqual(['waiting', 'collected'])
})

test('while a courier is at a box its door speaks of their parcel, whatever else should lie in it', async () => {
  const first = await deposit(house, { carrierId })
  await collect(house, first)
  const next = await placeParcel(house.ctx, wanted())
  expect(next.doorId).toBe(first.doorId)
  await house.ctx.sql`update parcels set state = 'contested' where id = ${first.id}`
  await house.outbox.idle()
  await putIn(house, next)
  expect((await parcelPlaced(house.ctx, next.id)).state).toBe('waiting')
})

test('another box is given when there is none to share: two parcels, two codes', async () => {
  const first = await deposit(house, { carrierId })
  const second = await placeParcel(house.ctx, wanted())
  expect(second.doorId).not.toBe(first.doorId)
})
