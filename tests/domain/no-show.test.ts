import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { book } from '../../server/domain/bookings.ts'
import { changeBooking } from '../../server/domain/change-booking.ts'
import { makeGrant } from '../../server/domain/grants.ts'
import { setMode } from '../../server/domain/orders.ts'
import { dayOfRoom, freeSlots, insideOf, tellNames } from '../../server/domain/room-day.ts'
import { type Jobs, startJobs } from '../../server/jobs.ts'
import type { DoorPassed } from '../../server/store/bookings.ts'
import { at, grantOf, openRoomHouse, type RoomHouse, rowOf, span } from './room-house.ts'

let house: RoomHouse
let jobs: Jobs
let link = 1
let last = 0

beforeAll(async () => {
  house = await openRoomHouse('2026-03-20T10:00:00Z')
  const never = 1e9
  jobs = startJobs(house.ctx, { sendGrants: async () => {}, sendConfig: async () => {} }, never)
})
beforeEach(() => house.setNow('2026-03-20T10:00:00Z'))
afterAll(async () => {
  await jobs?.close()
  await house?.close()
})

const noon = span('2026-03-23T12:00Z', '2026-03-23T14:00Z')
async function booked(more: object = {}, wanted: object = {}) {
  const roomId = await house.room(more)
  const { id } = await book(house.ctx, { roomId, residentId: house.residentId, ...noon, ...wanted })
  return { id, roomId, door: await house.doorOf(roomId) }
}
/** The jobs run at that time, of a door that is heard of then, or not. */
async function runAt(time: string, heard = true) {
  house.setNow(time)
  if (heard) await isBack()
  await jobs.runOnce()
}
/** Connected anew; `held`: how many events it has made that are not in yet. */
const isBack = (held = 0) => house.online({ link: `l${++link}`, up: link * 1000, last: last + held })
async function entered(id: string, door: number, time: string) {
  const cause = { grant: (await grantOf(house.ctx, id)).id }
  last += 1
  await house.events({ type: 'unlocked', door, cause, at: at(time).getTime() })
}
const state = async (id: string) => (await rowOf(house.ctx, id)).state

test('nobody came for 15 minutes: given back, its code opens no more, and somebody else may have it', async () => {
  const { id, roomId } = await booked()
  await runAt('2026-03-23T12:14:59Z')
  expect(await state(id)).toBe('booked')
  await runAt('2026-03-23T12:15:00Z')
  expect(await state(id)).toBe('released')
  const { id: grant, revokedAt } = await grantOf(house.ctx, id)
  expect(revokedAt).toEqual(at('2026-03-23T12:15:00Z'))
  await house.outbox.idle()
  expect(house.listed(grant)).toEqual([])
  const { free } = await freeSlots(house.ctx, roomId, '2026-03-23')
  expect(free[0]).toMatchObject({ from: '2026-03-23T12:15:00.000Z' })
  const rest = span('2026-03-23T12:15Z', '2026-03-23T14:00Z')
  await book(house.ctx, { roomId, residentId: house.neighbourId, ...rest })
})

test('somebody came, also early or at the last moment: kept', async () => {
  const early = await booked()
  await entered(early.id, early.door, '2026-03-23T11:46:00Z')
  const late = await booked()
  await entered(late.id, late.door, '2026-03-23T12:14:59Z')
  await runAt('2026-03-23T12:15:00Z')
  expect([await state(early.id), await state(late.id)]).toEqual(['kept', 'kept'])
})

test('how long is waited is the room’s own, and from when it was booked if that was later', async () => {
  const patient = await booked({ noShowMs: 45 * 60_000 })
  house.setNow('2026-03-23T12:10:00Z')
  const now = await booked()
  await runAt('2026-03-23T12:24:59Z')
  expect([await state(patient.id), await state(now.id)]).toEqual(['booked', 'booked'])
  await runAt('2026-03-23T12:25:00Z')
  expect([await state(patient.id), await state(now.id)]).toEqual(['booked', 'released'])
  await runAt('2026-03-23T12:45:00Z')
  expect(await state(patient.id)).toBe('released')
})

test('a door that is away may have let somebody in: nothing is given back until its events are in', async () => {
  const came = await booked()
  const stayedAway = await booked()
  await house.say('status', { state: 'offline', link: `l${link}`, boot: 'b1' })
  await runAt('2026-03-23T12:40:00Z', false)
  expect(await state(came.id)).toBe('booked')
  house.setNow('2026-03-23T12:41:00Z')
  await isBack(1)
  await jobs.runOnce()
  expect(await state(stayedAway.id)).toBe('booked')
  await entered(came.id, came.door, '2026-03-23T12:05:00Z')
  await jobs.runOnce()
  expect([await state(came.id), await state(stayedAway.id)]).toEqual(['kept', 'released'])
})

test('a door not heard of since is not believed yet, though nobody said that it is gone', async () => {
  const { id } = await booked()
  house.setNow('2026-03-23T12:14:00Z')
  await isBack()
  await runAt('2026-03-23T12:15:30Z', false)
  expect(await state(id)).toBe('booked')
  await runAt('2026-03-23T12:16:00Z')
  expect(await state(id)).toBe('released')
})

test('whoever came through a door that was held open needed no code: not given back', async () => {
  const { id, roomId, door } = await booked()
  house.setNow('2026-03-23T11:30:00Z')
  await isBack()
  const [room] = await house.ctx.sql`select door_id from rooms where id = ${roomId}`
  const asked = {
    doorId: room!.doorId,
    actorId: house.actorId,
    reason: 'open day',
    mode: 'free',
    forMs: 3600_000,
  } as const
  const { orderId: order, grantId: grant } = await setMode(house.ctx, asked)
  last += 1
  await house.events({ type: 'mode-changed', door, mode: 'free', cause: { grant, order } })
  await runAt('2026-03-23T13:00:00Z')
  expect(await state(id)).toBe('booked')
  await runAt('2026-03-23T14:00:00Z')
  expect(await rowOf(house.ctx, id)).toMatchObject({ state: 'booked', noShowAt: null })
})

test('a door that comes back when all is over still tells who was there', async () => {
  const [came, stayedAway] = [await booked(), await booked()]
  await house.say('status', { state: 'offline', link: `l${link}`, boot: 'b1' })
  await runAt('2026-03-23T14:30:00Z', false)
  expect([await state(came.id), await state(stayedAway.id)]).toEqual(['booked', 'booked'])
  await isBack(1)
  await entered(came.id, came.door, '2026-03-23T12:05:00Z')
  await jobs.runOnce()
  expect([await state(came.id), await state(stayedAway.id)]).toEqual(['kept', 'booked'])
})

test('one that was moved is waited for at its new time', async () => {
  const { id } = await booked()
  const later = span('2026-03-23T13:00Z', '2026-03-23T14:00Z')
  await changeBooking(house.ctx, { id, residentId: house.residentId, ...later })
  await runAt('2026-03-23T12:30:00Z')
  expect(await state(id)).toBe('booked')
  await runAt('2026-03-23T13:15:00Z')
  expect(await state(id)).toBe('released')
})

test('who is inside, as far as the door knows', async () => {
  const { id, roomId, door } = await booked({ places: 4 })
  const other = await book(house.ctx, { roomId, residentId: house.neighbourId, ...noon })
  await entered(id, door, '2026-03-23T12:00:00Z')
  await entered(id, door, '2026-03-23T12:05:00Z')
  await entered(other.id, door, '2026-03-23T12:06:00Z')
  house.setNow('2026-03-23T12:10:00Z')
  const inside = async () => (await dayOfRoom(house.ctx, roomId, '2026-03-23')).inside
  expect(await inside()).toBe(2)
  last += 1
  await house.events({ type: 'exit-requested', door, at: at('2026-03-23T12:09:00Z').getTime() })
  expect(await inside()).toBe(1)
  const shown = await dayOfRoom(house.ctx, roomId, '2026-03-23')
  expect(shown.bookings).toMatchObject([
    { id, entered: true },
    { id: other.id, entered: true },
  ])
  expect(JSON.stringify(shown)).not.toMatch(/Ada|Bo\b/)
})

test('and who they are, by a booking or by an entry given by hand', async () => {
  const { id, roomId, door } = await booked({ places: 4 })
  const stays = await book(house.ctx, { roomId, residentId: house.neighbourId, ...noon })
  await book(house.ctx, { roomId, residentId: house.neighbourId, ...noon })
  const { doorId } = (await house.ctx.sql`select door_id from rooms where id = ${roomId}`)[0]!
  const byHand = { doorId, residentId: house.residentId, means: 'code', reason: 'forgot a scarf', ...noon } as const
  const entry = await makeGrant(house.ctx, byHand)
  await makeGrant(house.ctx, { ...byHand, ...span('2026-03-24T12:00Z', '2026-03-24T14:00Z') })
  await entered(id, door, '2026-03-23T12:00:00Z')
  await entered(stays.id, door, '2026-03-23T12:01:00Z')
  last += 1
  await house.events({ type: 'unlocked', door, cause: { grant: entry.id }, at: at('2026-03-23T12:02:00Z').getTime() })
  last += 1
  await house.events({ type: 'exit-requested', door, at: at('2026-03-23T12:05:00Z').getTime() })
  house.setNow('2026-03-23T12:10:00Z')
  const { items } = await tellNames(house.ctx, { id: roomId, day: '2026-03-23' })
  const told = items.map(
    each => `${each.as} ${each.name}${each.entered ? ' entered' : ''}${each.inside ? ' inside' : ''}`,
  )
  expect(told.sort()).toEqual([
    ...['entry Ada entered inside', 'member Ada entered', 'member Bo', 'member Bo entered inside'],
  ])
  expect(items.map(({ from, until }) => ({ from: at(from), until: at(until) }))).toEqual([noon, noon, noon, noon])
  expect((await tellNames(house.ctx, { id: roomId, day: '2026-03-24' })).items).toMatchObject([
    { as: 'entry', inside: false, entered: false },
  ])
})

const now = at('2026-03-23T12:00Z')
const until = at('2026-03-23T13:00Z')
const came = (grantId: string, ends = until): DoorPassed => ({ type: 'unlocked', grantId, until: ends })
const left: DoorPassed = { type: 'exit-requested', grantId: null, until: null }
test.each<[string, DoorPassed[], string[]]>([
  ['nobody', [], []],
  ['two', [came('a'), came('b')], ['a', 'b']],
  ['one who came back for something', [came('a'), came('a')], ['a']],
  ['the one who came last, when one of two left', [came('a'), came('b'), left], ['b']],
  ['nobody, when more left than came', [left, came('a'), left, left], []],
  ['one who left and came again', [came('a'), left, came('a')], ['a']],
  ['not whose time is over', [came('a', now), came('b')], ['b']],
])('inside: %s', (_who, passed, inside) => {
  expect(insideOf(passed, now)).toEqual(inside)
})
