import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { book, cancelBooking } from '../../server/domain/bookings.ts'
import { changeBooking } from '../../server/domain/change-booking.ts'
import { entryCode } from '../../server/domain/entry.ts'
import { newId } from '../../server/domain/ids.ts'
import { createResident } from '../../server/domain/residents.ts'
import { dayOfRoom, freeSlots } from '../../server/domain/room-day.ts'
import { changeRoom, makeRoom, retireRoom, setException, setHours } from '../../server/domain/rooms.ts'
import { createSite } from '../../server/domain/sites.ts'
import { ownBookings } from '../../server/store/bookings.ts'
import { eventually } from '../support/eventually.ts'
import { signal } from '../support/signal.ts'
import { always, at, grantOf, hourMs, minuteMs, openRoomHouse, type RoomHouse, rowOf, span } from './room-house.ts'

let house: RoomHouse
beforeAll(async () => {
  house = await openRoomHouse('2026-03-20T10:00:00Z')
})
beforeEach(() => house.setNow('2026-03-20T10:00:00Z'))
afterAll(() => house.close())

const afternoon = span('2026-03-23T13:00Z', '2026-03-23T15:00Z')
const booked = (roomId: string, more: object = {}) =>
  book(house.ctx, { roomId, residentId: house.residentId, ...afternoon, ...more })
const factOf = async (type: string, bookingId: string) =>
  (await house.ctx.sql`select facts from history where type = ${type} and facts ->> 'bookingId' = ${bookingId}`)[0]!
    .facts

test('a booking is a grant for its door and time, from 15 minutes before, that the door gets', async () => {
  const roomId = await house.room()
  const { id } = await booked(roomId)
  const grant = await grantOf(house.ctx, id)
  expect(grant).toMatchObject({ means: 'code', uses: 0, purpose: 'entry', until: afternoon.until })
  expect(afternoon.from.getTime() - grant.from.getTime()).toBe(15 * minuteMs)
  await house.outbox.idle()
  expect(house.listed(grant.id)).toEqual([grant.id])
  expect(await factOf('booking-made', id)).toMatchObject({ roomId, place: 1, residentId: house.residentId })
  const code = await entryCode(house.ctx, grant.id)
  expect(code).toMatchObject({ means: 'code', code: expect.stringMatching(/^\d{8}$/), validForMs: null })
  const kept = await house.ctx
    .sql`select to_jsonb(h)::text as row from history h union all select to_jsonb(g)::text from grants g`
  expect(JSON.stringify(kept)).not.toContain(code.code)
})

test('a rotating code: none before the door opens for it, then another every 30 seconds', async () => {
  const { id } = await booked(await house.room(), { means: 'totp' })
  const { id: grantId } = await grantOf(house.ctx, id)
  expect(await entryCode(house.ctx, grantId)).toMatchObject({ means: 'totp', code: null, validForMs: null })
  house.setNow('2026-03-23T12:45:10.000Z')
  const first = await entryCode(house.ctx, grantId)
  expect(first).toMatchObject({ code: expect.stringMatching(/^\d{8}$/), validForMs: 20_000 })
  house.setNow('2026-03-23T12:45:30.000Z')
  expect((await entryCode(house.ctx, grantId)).code).not.toBe(first.code)
  house.setNow('2026-03-23T15:00:00.000Z')
  await expect(entryCode(house.ctx, grantId)).rejects.toMatchObject({ reason: 'no-code' })
})

test('the database keeps two from holding one place, the buffer counted, whoever writes to it', async () => {
  const roomId = await house.room({ places: 2, bufferMs: 30 * minuteMs })
  const { id } = await booked(roomId)
  const copy = (place: number, from: Date, until: Date) => house.ctx.sql`
    insert into bookings (id, site_id, room_id, place, resident_id, "from", until, held_until, state, made_at)
    select ${newId()}, site_id, room_id, ${place}, ${house.neighbourId}, ${from}, ${until}, ${until}, 'booked', made_at
    from bookings where id = ${id}`
  const refused = { code: '23P01', constraint_name: 'bookings_no_overlap' }
  await expect(copy(1, at('2026-03-23T12:00Z'), at('2026-03-23T13:15Z'))).rejects.toMatchObject(refused)
  await expect(copy(1, at('2026-03-23T15:15Z'), at('2026-03-23T16:00Z'))).rejects.toMatchObject(refused)
  await copy(1, at('2026-03-23T15:30Z'), at('2026-03-23T16:00Z'))
  await copy(1, at('2026-03-23T12:00Z'), at('2026-03-23T13:00Z'))
  await copy(2, afternoon.from, afternoon.until)
  await cancelBooking(house.ctx, { id, actorId: house.residentId })
  await copy(1, afternoon.from, afternoon.until)
})

test('what only the database sees, a row committed by somebody who took no lock, is told as taken too', async () => {
  const roomId = await house.room()
  const { sql } = house.ctx
  const [written, release] = [signal(), signal()]
  const row = { siteId: house.siteId, roomId, place: 1, residentId: house.neighbourId, state: 'booked' }
  const unseen = sql.begin(async tx => {
    const held = { ...row, id: newId(), ...afternoon, heldUntil: afternoon.until, madeAt: new Date() }
    await tx`insert into bookings ${tx(held)}`
    written.give()
    await release.given
  })
  await written.given
  const second = booked(roomId).catch(error => error)
  await eventually(async () => {
    const waiting =
      await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
    return waiting.length > 0
  })
  release.give()
  await unseen
  const next = [span('2026-03-23T15:00Z', '2026-03-23T17:00Z'), span('2026-03-23T17:00Z', '2026-03-23T19:00Z')]
  expect(await second).toMatchObject({
    reason: 'taken',
    field: 'from',
    details: { next: expect.arrayContaining(next) },
  })
})

test('of a room with four places four can be booked at one time, and each has a code of its own', async () => {
  const roomId = await house.room({ places: 4 })
  const made = [await booked(roomId), await booked(roomId), await booked(roomId), await booked(roomId)]
  const rows = await Promise.all(made.map(({ id }) => rowOf(house.ctx, id)))
  expect(rows.map(row => row.place)).toEqual([1, 2, 3, 4])
  const codes = await Promise.all(rows.map(async row => (await entryCode(house.ctx, row.grantId)).code))
  expect(new Set(codes).size).toBe(4)
  await expect(booked(roomId)).rejects.toMatchObject({ reason: 'taken' })
})

test.each([
  ['to summer time', '2026-03-28T22:00:00Z', '2026-03-29T04:00:00Z', '2026-03-29', 23],
  ['back', '2026-10-24T21:00:00Z', '2026-10-25T05:00:00Z', '2026-10-25', 25],
  ['over an ordinary midnight', '2026-03-23T21:00:00Z', '2026-03-24T01:00:00Z', '2026-03-24', 24],
])('a booking across the change %s stands in both days, at its own moments', async (_what, from, until, day, hours) => {
  const roomId = await house.room({ longestMs: 24 * 3600_000, aheadMs: 366 * 24 * 3600_000 })
  const { id } = await booked(roomId, span(from, until))
  expect(await rowOf(house.ctx, id)).toMatchObject(span(from, until))
  const shown = await dayOfRoom(house.ctx, roomId, day)
  expect(shown.bookings).toMatchObject([{ id, from: at(from).toISOString(), until: at(until).toISOString() }])
  const [open] = shown.open
  expect((at(open!.until).getTime() - at(open!.from).getTime()) / 3600_000).toBe(hours)
  const { free } = await freeSlots(house.ctx, roomId, day)
  expect(free[0]).toMatchObject({ from: at(until).toISOString(), places: 1 })
  const before = new Date(at(`${day}T12:00Z`).getTime() - 24 * 3600_000).toISOString().slice(0, 10)
  expect((await dayOfRoom(house.ctx, roomId, before)).bookings).toMatchObject([{ id }])
  // nobody comes in between, also in the hour that is shown twice
  for (const minutes of [0, 60, 120, 180]) {
    const start = new Date(at(from).getTime() + minutes * minuteMs)
    const wanted = { from: start, until: new Date(start.getTime() + 15 * minuteMs), residentId: house.neighbourId }
    await expect(booked(roomId, wanted)).rejects.toMatchObject({ reason: 'taken' })
  }
})

test('changed: another time, another code, and the door is told; who is inside stays so', async () => {
  const roomId = await house.room()
  const { id } = await booked(roomId)
  const before = await grantOf(house.ctx, id)
  const later = span('2026-03-23T14:00Z', '2026-03-23T16:00Z')
  await changeBooking(house.ctx, { id, residentId: house.residentId, ...later })
  const after = await grantOf(house.ctx, id)
  expect([after.id === before.id, after.until]).toEqual([false, later.until])
  await house.outbox.idle()
  expect(house.listed(before.id, after.id)).toEqual([after.id])
  house.setNow('2026-03-23T14:05:00Z')
  const entered = { type: 'unlocked', door: await house.doorOf(roomId), cause: { grant: after.id } }
  await house.events({ ...entered, at: at('2026-03-23T14:05Z').getTime() })
  const longer = { from: later.from, until: at('2026-03-23T17:00Z') }
  await changeBooking(house.ctx, { id, residentId: house.residentId, ...longer })
  expect(await rowOf(house.ctx, id)).toMatchObject({ state: 'kept', until: longer.until })
  const ended = { from: later.from, until: at('2026-03-23T14:00Z') }
  const wrong = changeBooking(house.ctx, { id, residentId: house.residentId, ...ended })
  await expect(wrong).rejects.toMatchObject({ reason: 'in-the-past', field: 'until' })
})

test('a change to a time that somebody has: refused, and everything as it was', async () => {
  const roomId = await house.room()
  const { id } = await booked(roomId)
  const before = await grantOf(house.ctx, id)
  await booked(roomId, { residentId: house.neighbourId, ...span('2026-03-23T15:00Z', '2026-03-23T16:00Z') })
  const wanted = { id, residentId: house.residentId, ...span('2026-03-23T14:00Z', '2026-03-23T15:15Z') }
  await expect(changeBooking(house.ctx, wanted)).rejects.toMatchObject({ reason: 'taken' })
  await booked(roomId, { residentId: house.neighbourId, ...span('2026-03-23T12:00Z', '2026-03-23T12:45Z') })
  // what is one's own until then is no hindrance to what is offered instead
  const earlier = { ...wanted, ...span('2026-03-23T12:30Z', '2026-03-23T13:30Z') }
  const next = [span('2026-03-23T12:45Z', '2026-03-23T13:45Z'), span('2026-03-23T13:45Z', '2026-03-23T14:45Z')]
  await expect(changeBooking(house.ctx, earlier)).rejects.toMatchObject({
    ...{ reason: 'taken', details: { next: expect.arrayContaining(next) } },
  })
  expect(await grantOf(house.ctx, id)).toMatchObject({ id: before.id, revokedAt: null })
})

test('nobody books at a site where they do not live, nor a room whose controller is retired', async () => {
  const roomId = await house.room()
  const { id: siteId } = await createSite(house.ctx, { name: 'Lille' })
  const { id: stranger } = await createResident(house.ctx, { siteId, name: 'Di', flat: 'B1' })
  const strange = { reason: 'not-found', field: 'residentId' }
  await expect(booked(roomId, { residentId: stranger })).rejects.toMatchObject(strange)
  await expect(booked(roomId, { residentId: stranger, bookedBy: house.actorId })).rejects.toMatchObject(strange)
  const { id } = await booked(roomId)
  const retire = (retiredAt: Date | null) => house.ctx.sql`update controllers set retired_at = ${retiredAt}`
  await retire(house.ctx.now())
  const later = span('2026-03-23T18:00Z', '2026-03-23T19:00Z')
  const retired = { reason: 'retired', field: 'roomId' }
  await expect(booked(roomId, later)).rejects.toMatchObject(retired)
  await expect(changeBooking(house.ctx, { id, ...later })).rejects.toMatchObject(retired)
  await retire(null)
})

test('nobody changes or cancels what is somebody else’s, or what has ended', async () => {
  const { id } = await booked(await house.room())
  const others = { id, residentId: house.neighbourId }
  const strange = changeBooking(house.ctx, { ...others, ...afternoon })
  await expect(strange).rejects.toMatchObject({ reason: 'not-found', field: 'id' })
  const cancelled = cancelBooking(house.ctx, { ...others, actorId: house.neighbourId })
  await expect(cancelled).rejects.toMatchObject({ reason: 'not-found' })
  house.setNow('2026-03-23T15:00:00Z')
  await expect(cancelBooking(house.ctx, { id, actorId: house.residentId })).rejects.toMatchObject({
    reason: 'booking-ended',
  })
})

test('cancelled while the door is away: free at once, not known to the door until it has a newer list', async () => {
  const roomId = await house.room()
  const { id } = await booked(roomId)
  const known = async () => {
    const [own] = await ownBookings(house.ctx.sql, { id })
    const [shown] = (await dayOfRoom(house.ctx, roomId, '2026-03-23')).bookings
    expect(shown).toMatchObject({ doorKnows: own!.doorKnows, doorOnline: own!.doorOnline })
    return [own!.state, own!.doorKnows, own!.doorOnline]
  }
  const version = () => house.said.findLast(each => each.kind === 'grants')!.message.version
  expect(await known()).toEqual(['booked', false, true])
  await house.outbox.idle()
  await house.events({ type: 'grants-applied', version: version() })
  expect(await known()).toEqual(['booked', true, true])
  await house.say('status', { state: 'offline', link: 'l1', boot: 'b1' })
  await cancelBooking(house.ctx, { id, actorId: house.residentId })
  expect(await known()).toEqual(['cancelled', false, false])
  expect((await freeSlots(house.ctx, roomId, '2026-03-23')).free).toHaveLength(1)
  await house.online({ link: 'l2', up: 5000, last: 1 })
  expect(await known()).toEqual(['cancelled', false, true])
  await house.events({ type: 'grants-applied', version: version() })
  expect(await known()).toEqual(['cancelled', true, true])
})

test('of two made in the same millisecond the door may know the first one only', async () => {
  const roomId = await house.room({ places: 2 })
  const first = await booked(roomId)
  await house.outbox.idle()
  const { version } = house.said.findLast(each => each.kind === 'grants')!.message
  const second = await booked(roomId)
  await house.events({ type: 'grants-applied', version })
  const known = async ({ id }: { id: string }) => (await ownBookings(house.ctx.sql, { id }))[0]!.doorKnows
  expect([await known(first), await known(second)]).toEqual([true, false])
})

test('a room is not retired under those who booked it; new hours and a closed day name whom they leave outside', async () => {
  const roomId = await house.room()
  const { actorId } = house
  const { id } = await booked(roomId)
  const mornings = always.map(each => ({ ...each, from: '08:00', until: '12:00' }))
  expect((await setHours(house.ctx, { id: roomId, actorId, hours: mornings })).outside).toMatchObject([{ id }])
  expect((await setHours(house.ctx, { id: roomId, actorId, hours: always })).outside).toEqual([])
  const closed = { id: roomId, actorId, day: '2026-03-23', is: 'closed' as const, reason: 'works' }
  expect((await setException(house.ctx, closed)).outside).toMatchObject([{ id }])
  await expect(booked(roomId, span('2026-03-23T18:00Z', '2026-03-23T19:00Z'))).rejects.toMatchObject({
    ...{ reason: 'closed-day', details: { closed: 'exception' } },
  })
  await expect(retireRoom(house.ctx, { id: roomId, actorId, reason: 'sold' })).rejects.toMatchObject({
    ...{ reason: 'still-booked', details: { bookings: 1 } },
  })
  await cancelBooking(house.ctx, { id, actorId, reason: 'works' })
  await retireRoom(house.ctx, { id: roomId, actorId, reason: 'sold' })
  await expect(booked(roomId)).rejects.toMatchObject({ reason: 'room-retired' })
  expect(JSON.stringify(await factOf('booking-cancelled', id))).not.toContain('works')
})

test('one that has only its other places booked is neither retired, nor are they left out when its hours change', async () => {
  const roomId = await house.room({ places: 2 })
  const { actorId } = house
  const [first, second] = [await booked(roomId), await booked(roomId)]
  await cancelBooking(house.ctx, { id: first.id, actorId })
  expect(await rowOf(house.ctx, second.id)).toMatchObject({ place: 2 })
  expect((await setHours(house.ctx, { id: roomId, actorId, hours: [] })).outside).toMatchObject([{ id: second.id }])
  await expect(retireRoom(house.ctx, { id: roomId, actorId, reason: 'sold' })).rejects.toMatchObject({
    ...{ reason: 'still-booked', details: { bookings: 1 } },
  })
})

test('no start is offered further ahead than it can be booked, nor one of the next day', async () => {
  const roomId = await house.room({ aheadMs: 3 * 24 * hourMs, longestMs: 4 * hourMs })
  const shown = async (day: string) => freeSlots(house.ctx, roomId, day)
  const around = { from: '2026-03-21T23:00:00.000Z', until: '2026-03-23T03:00:00.000Z' }
  expect(await shown('2026-03-22')).toMatchObject({ free: [around], lastStart: '2026-03-22T22:45:00.000Z' })
  const last = { from: '2026-03-22T23:00:00.000Z', until: '2026-03-23T14:00:00.000Z' }
  expect(await shown('2026-03-23')).toMatchObject({ free: [last], lastStart: '2026-03-23T10:00:00.000Z' })
  await booked(roomId, span('2026-03-23T10:00Z', '2026-03-23T11:00Z'))
  await expect(booked(roomId, span('2026-03-23T11:00Z', '2026-03-23T11:15Z'))).rejects.toMatchObject({
    reason: 'too-far-ahead',
  })
  // what is free from 11:00 on starts too late
  expect((await shown('2026-03-23')).free).toMatchObject([{ until: '2026-03-23T10:00:00.000Z' }])
  expect((await shown('2026-03-24')).free).toEqual([])
})

test('a room stands behind a room’s door, one behind each, with no more places than people fit, each hour once', async () => {
  const { actorId, ctx } = house
  const roomId = await house.room({ places: 3 })
  const { doorId } = (await ctx.sql`select door_id from rooms where id = ${roomId}`)[0]!
  const room = { doorId, name: 'Atelier', capacity: 4, actorId }
  await expect(makeRoom(ctx, room)).rejects.toMatchObject({ reason: 'already-there', field: 'doorId' })
  await expect(makeRoom(ctx, { ...room, places: 5 })).rejects.toMatchObject({
    reason: 'over-capacity',
    field: 'places',
  })
  const fewer = changeRoom(ctx, { id: roomId, actorId, rules: { capacity: 2 } })
  await expect(fewer).rejects.toMatchObject({ reason: 'over-capacity', field: 'capacity' })
  const twice = setHours(ctx, { id: roomId, actorId, hours: [...always, { ...always[0]!, until: '12:00' }] })
  await expect(twice).rejects.toMatchObject({ reason: 'invalid', field: 'hours.7' })
  await ctx.sql`update doors set kind = 'compartment' where id = ${doorId}`
  await expect(makeRoom(ctx, room)).rejects.toMatchObject({ reason: 'not-a-room', field: 'doorId' })
})

test('at a site in another time zone its own wall counts, for hours, days and refusals', async () => {
  const zone = (timeZone: string) => house.ctx.sql`update sites set time_zone = ${timeZone} where id = ${house.siteId}`
  await zone('Indian/Reunion')
  const roomId = await house.room({ hours: always.map(each => ({ ...each, from: '08:00', until: '20:00' })) })
  const early = booked(roomId, span('2026-03-23T03:45Z', '2026-03-23T05:00Z'))
  await expect(early).rejects.toMatchObject({
    ...{ reason: 'outside-hours', field: 'from' },
    details: { day: '2026-03-23', open: [span('2026-03-23T04:00Z', '2026-03-23T16:00Z')] },
  })
  const evening = booked(roomId, span('2026-03-23T15:00Z', '2026-03-23T16:15Z'))
  await expect(evening).rejects.toMatchObject({ reason: 'outside-hours', field: 'until' })
  const { id } = await booked(roomId, span('2026-03-23T04:00Z', '2026-03-23T05:00Z'))
  const { bookings, free } = await dayOfRoom(house.ctx, roomId, '2026-03-23')
  expect(bookings).toMatchObject([{ id }])
  expect(free).toMatchObject([{ from: '2026-03-23T05:00:00.000Z', until: '2026-03-23T16:00:00.000Z' }])
  await zone('Europe/Paris')
})

test('a room of the caretaker’s: members do not book it, the caretaker does for them, also with a badge', async () => {
  const roomId = await house.room({ whoMayBook: 'caretaker' })
  await expect(booked(roomId)).rejects.toMatchObject({ reason: 'caretaker-books' })
  const byBadge = { bookedBy: house.actorId, means: 'badge' as const }
  await expect(booked(roomId, byBadge)).rejects.toMatchObject({ reason: 'invalid', field: 'badge' })
  const { id } = await booked(roomId, { ...byBadge, badge: '04A2B9C3' })
  expect(await grantOf(house.ctx, id)).toMatchObject({ means: 'badge', check: expect.any(String) })
  const own = changeBooking(house.ctx, { id, residentId: house.residentId, ...afternoon })
  await expect(own).rejects.toMatchObject({ reason: 'caretaker-books' })
  const later = { id, changedBy: house.actorId, ...span('2026-03-23T15:00Z', '2026-03-23T16:00Z') }
  await expect(changeBooking(house.ctx, later)).rejects.toMatchObject({ reason: 'badge-needed', field: 'badge' })
  const { check } = await grantOf(house.ctx, id)
  await changeBooking(house.ctx, { ...later, badge: '04a2b9c3' })
  expect(await grantOf(house.ctx, id)).toMatchObject({ means: 'badge', check, until: later.until })
})
