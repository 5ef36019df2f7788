import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeAlert, settleAlert, takeAlert } from '../../server/domain/alerts.ts'
import { placeParcel } from '../../server/domain/parcels.ts'
import { alertsOf } from '../../server/store/alerts.ts'
import { boxesOf } from '../../server/store/boxes.ts'
import { compartments, type House, openHouse } from './house.ts'
import { parcelsOf } from './parcel-house.ts'

let house: House
let hands: ReturnType<typeof parcelsOf>
beforeEach(async () => {
  house = await openHouse(compartments(1).map(door => ({ ...door, occupancySensor: false })))
  hands = parcelsOf(house)
  await house.online()
})
afterEach(() => house.close())

const say = (parcelId: string, kind: 'not-mine' | 'damaged' | 'door-shut', says?: string) =>
  makeAlert(house.ctx, { parcelId, kind, says, actorId: house.residentId })
const alerts = () => alertsOf(house.ctx.sql, { siteId: house.siteId })
const isOffered = async () => (await boxesOf(house.ctx.sql, 'bank-1')).some(box => /free|unchecked/.test(box.offer))

test('not my parcel, said after the door had made it collected: contested both, and not offered', async () => {
  const placing = await hands.deposit()
  await hands.collect(placing.door, placing.grant)
  expect([(await hands.parcel(placing.id)).state, await hands.offer(placing.doorId)]).toEqual([
    'collected',
    'unchecked',
  ])
  expect(await say(placing.id, 'not-mine', 'another name on it')).toMatchObject({ parcelState: 'contested' })
  expect(await hands.parcel(placing.id)).toMatchObject({ state: 'contested', reason: 'not-mine', endedAt: null })
  expect([await hands.offer(placing.doorId), await isOffered()]).toEqual(['contested', false])
  const again = placeParcel(house.ctx, { controllerId: 'bank-1', residentId: house.residentId, size: 'S' })
  await expect(again).rejects.toMatchObject({ reason: 'none-free' })
  expect(await alerts()).toMatchObject([{ kind: 'not-mine', state: 'open', says: 'another name on it', bank: 'Bank' }])
})

test('not my parcel, put back within the two minutes: a second closing of the door collects nothing', async () => {
  const placing = await hands.deposit()
  await hands.collect(placing.door, placing.grant)
  await say(placing.id, 'not-mine')
  await hands.collect(placing.door, placing.grant)
  expect([(await hands.parcel(placing.id)).state, await hands.offer(placing.doorId)]).toEqual([
    'contested',
    'contested',
  ])
})

test('not my parcel, said when another one lies in the box by now: only the alert', async () => {
  const first = await hands.deposit()
  await hands.collect(first.door, first.grant)
  const second = await hands.deposit()
  expect(second.doorId).toBe(first.doorId)
  expect(await say(first.id, 'not-mine')).toMatchObject({ parcelState: 'collected' })
  expect([(await hands.parcel(second.id)).state, await hands.offer(second.doorId)]).toEqual(['waiting', 'in-use'])
  expect(await alerts()).toHaveLength(1)
})

test('the door did not open: the parcel waits on, and what the bank told is with the alert', async () => {
  const placing = await hands.deposit()
  const at = { door: placing.door, cause: { grant: placing.grant } }
  await house.events({ type: 'accepted', ...at }, { type: 'jammed', ...at })
  await house.events({ type: 'code-refused', keypad: 1, reason: 'unknown' })
  expect(await say(placing.id, 'door-shut')).toMatchObject({ parcelState: 'waiting' })
  expect([(await hands.parcel(placing.id)).state, await hands.offer(placing.doorId)]).toEqual(['waiting', 'in-use'])
  const [alert] = await alerts()
  expect(alert).toMatchObject({ kind: 'door-shut', online: true, doorState: 'jammed', door: placing.door })
  expect(alert!.entries.map(each => each.type).slice(-3)).toEqual(['accepted', 'jammed', 'code-refused'])
  expect(alert!.entries.map(each => each.type)).toContain('order-made')
})

test('damaged: recorded, nothing moves; a parcel that is not in a box has no alert', async () => {
  const placing = await hands.deposit()
  await hands.collect(placing.door, placing.grant)
  expect(await say(placing.id, 'damaged')).toMatchObject({ parcelState: 'collected' })
  const offered = await hands.offer(placing.doorId)
  expect(offered).toBe('unchecked')
  const other = await placeParcel(house.ctx, { controllerId: 'bank-1', residentId: house.residentId, size: 'M' })
  await expect(say(other.id, 'damaged')).rejects.toMatchObject({ reason: 'not-in-a-box' })
})

test('taken by one, settled with a note by any; settled is the end, and all of it is history', async () => {
  const placing = await hands.deposit()
  const { id } = await say(placing.id, 'damaged')
  const [account] = await house.ctx.sql`
    insert into accounts (id, email, name, role, password_hash, created_at)
    values (gen_random_uuid(), 'c@example.org', 'Claire', 'caretaker', '', now()) returning id`
  const actorId = account!.id as string
  expect(await takeAlert(house.ctx, { id, actorId })).toEqual({ id, state: 'taken' })
  await expect(takeAlert(house.ctx, { id, actorId })).rejects.toMatchObject({ reason: 'taken-already' })
  expect(await settleAlert(house.ctx, { id, actorId, note: 'seen with her' })).toEqual({ id, state: 'settled' })
  await expect(settleAlert(house.ctx, { id, actorId, note: 'x' })).rejects.toMatchObject({ reason: 'settled-already' })
  await expect(takeAlert(house.ctx, { id, actorId })).rejects.toMatchObject({ reason: 'settled-already' })
  const settled = { state: 'settled', takenBy: 'Claire', settledBy: 'Claire', settleNote: 'seen with her' }
  expect(await alerts()).toMatchObject([settled])
  expect(await alertsOf(house.ctx.sql, { siteId: house.siteId, state: 'open' })).toEqual([])
  const rows = await house.ctx.sql`select type from history where type like 'alert-%' order by n`
  expect(rows.map(row => row.type)).toEqual(['alert-made', 'alert-taken', 'alert-settled'])
})
