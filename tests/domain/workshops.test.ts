import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { book } from '../../server/domain/bookings.ts'
import { createResident } from '../../server/domain/residents.ts'
import { dayOfRoom } from '../../server/domain/room-day.ts'
import { createSite } from '../../server/domain/sites.ts'
import { announceWorkshop, cancelWorkshop, leaveWorkshop, signUp } from '../../server/domain/workshops.ts'
import { deleteOldBookings, namesOfDay } from '../../server/store/bookings.ts'
import { entryGrantOf, workshopsFor } from '../../server/store/workshops.ts'
import { at, minuteMs, openRoomHouse, type RoomHouse, span } from './room-house.ts'

let house: RoomHouse
let thirdId: string
beforeAll(async () => {
  house = await openRoomHouse('2026-03-20T10:00:00Z')
  thirdId = (await createResident(house.ctx, { siteId: house.siteId, name: 'Cy', flat: 'A3' })).id
})
beforeEach(() => house.setNow('2026-03-20T10:00:00Z'))
afterAll(() => house.close())

const evening = span('2026-03-23T18:00Z', '2026-03-23T20:00Z')
async function announced(more: object = {}, room: object = { places: 3 }) {
  const roomId = await house.room(room)
  const wanted = { roomId, hostId: house.neighbourId, title: 'Couture', places: 1, ...evening, ...more }
  return { roomId, ...(await announceWorkshop(house.ctx, wanted)) }
}
const entryOf = async (id: string, residentId: string) => {
  const grantId = await entryGrantOf(house.ctx.sql, { id, residentId })
  return grantId === undefined ? undefined : (await house.ctx.sql`select * from grants where id = ${grantId}`)[0]!
}
const mine = async (residentId: string, id: string) =>
  (await workshopsFor(house.ctx.sql, residentId, house.ctx.now())).find(each => each.id === id)

test('the host enters from 30 minutes before to 30 after, a member for its time and 15 minutes before', async () => {
  const { id } = await announced()
  await signUp(house.ctx, { id, residentId: house.residentId, means: 'totp' })
  const [host, seat] = [await entryOf(id, house.neighbourId), await entryOf(id, house.residentId)]
  const around = (grant: typeof host) => [
    (evening.from.getTime() - grant!.from.getTime()) / minuteMs,
    (grant!.until.getTime() - evening.until.getTime()) / minuteMs,
  ]
  expect([host!.means, around(host)]).toEqual(['code', [30, 30]])
  expect([seat!.means, around(seat)]).toEqual(['totp', [15, 0]])
  await house.outbox.idle()
  expect(house.listed(host!.id, seat!.id)).toHaveLength(2)
  expect(await mine(house.neighbourId, id)).toMatchObject({ mine: 'host', free: 0, doorKnows: false })
  expect(await mine(house.residentId, id)).toMatchObject({ mine: 'seat', opensAt: '2026-03-23T17:45:00.000Z' })
  expect(await mine(thirdId, id)).toMatchObject({ mine: null, opensAt: null, doorKnows: null })
})

test('it holds every place of its room, once in the day, and only while nobody else does', async () => {
  const { id, roomId } = await announced()
  const wanted = { roomId, residentId: house.residentId, ...span('2026-03-23T19:00Z', '2026-03-23T20:00Z') }
  const next = [span('2026-03-23T20:00Z', '2026-03-23T21:00Z')]
  await expect(book(house.ctx, wanted)).rejects.toMatchObject({
    ...{ reason: 'taken', details: { next: expect.arrayContaining(next) } },
  })
  const { bookings } = await dayOfRoom(house.ctx, roomId, '2026-03-23')
  expect(bookings).toMatchObject([{ workshopId: id, title: 'Couture', entered: false }])
  await book(house.ctx, { ...wanted, ...span('2026-03-23T21:00Z', '2026-03-23T22:00Z') })
  const other = {
    roomId,
    hostId: thirdId,
    title: 'Tricot',
    places: 1,
    ...span('2026-03-23T20:00Z', '2026-03-23T21:15Z'),
  }
  await expect(announceWorkshop(house.ctx, other)).rejects.toMatchObject({
    ...{
      reason: 'taken',
      details: { next: [span('2026-03-23T22:00Z', '2026-03-23T23:15Z'), expect.anything(), expect.anything()] },
    },
  })
})

test('no more than its seats; who left makes room, and may come back', async () => {
  const { id } = await announced()
  const seat = { id, residentId: house.residentId }
  await signUp(house.ctx, seat)
  await expect(signUp(house.ctx, seat)).rejects.toMatchObject({ reason: 'signed-up-already' })
  await expect(signUp(house.ctx, { id, residentId: house.neighbourId })).rejects.toMatchObject({
    reason: 'own-workshop',
  })
  await expect(signUp(house.ctx, { id, residentId: thirdId })).rejects.toMatchObject({ reason: 'workshop-full' })
  await expect(leaveWorkshop(house.ctx, { id, residentId: thirdId })).rejects.toMatchObject({ reason: 'not-signed-up' })
  const first = await entryOf(id, house.residentId)
  await leaveWorkshop(house.ctx, seat)
  const [gone] = await house.ctx.sql`select revoked_at from grants where id = ${first!.id}`
  expect([gone!.revokedAt, await entryOf(id, house.residentId)]).toEqual([house.ctx.now(), undefined])
  await signUp(house.ctx, { id, residentId: thirdId })
  await leaveWorkshop(house.ctx, { id, residentId: thirdId })
  await signUp(house.ctx, seat)
  expect((await entryOf(id, house.residentId))!.id).not.toBe(first!.id)
})

test('two want the last seat at the same moment, again and again: one gets it', async () => {
  const { id } = await announced()
  const both = [house.residentId, thirdId]
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.allSettled(both.map(residentId => signUp(house.ctx, { id, residentId })))
    const refused = answers.filter(each => each.status === 'rejected')
    expect(refused).toMatchObject([{ reason: { reason: 'workshop-full' } }])
    await leaveWorkshop(house.ctx, { id, residentId: both[answers.findIndex(each => each.status === 'fulfilled')]! })
  }
})

test('cancelled by its host, nobody else: no code for it opens any more, and the room is free', async () => {
  const { id, roomId } = await announced()
  await signUp(house.ctx, { id, residentId: house.residentId })
  const grants = [(await entryOf(id, house.neighbourId))!.id, (await entryOf(id, house.residentId))!.id]
  const strange = cancelWorkshop(house.ctx, { id, actorId: thirdId, hostId: thirdId })
  await expect(strange).rejects.toMatchObject({ reason: 'not-found', field: 'id' })
  await cancelWorkshop(house.ctx, { id, actorId: house.neighbourId, hostId: house.neighbourId })
  await house.outbox.idle()
  expect(house.listed(...grants)).toEqual([])
  await expect(signUp(house.ctx, { id, residentId: thirdId })).rejects.toMatchObject({ reason: 'workshop-over' })
  await book(house.ctx, { roomId, residentId: thirdId, ...evening })
  const seen = await Promise.all([house.neighbourId, house.residentId, thirdId].map(each => mine(each, id)))
  expect(seen).toMatchObject([{ state: 'cancelled', mine: 'host' }, { state: 'cancelled', mine: 'seat' }, undefined])
})

test('no more seats than people fit, none in a room of the caretaker’s, none outside its hours', async () => {
  await expect(announced({ places: 13 })).rejects.toMatchObject({ reason: 'over-capacity', field: 'places' })
  await expect(announced({}, { whoMayBook: 'caretaker' })).rejects.toMatchObject({ reason: 'caretaker-books' })
  await expect(announced({}, { hours: [] })).rejects.toMatchObject({ reason: 'closed-day', field: 'from' })
})

test('one that is over takes nobody in, lets nobody go and is not cancelled', async () => {
  const { id } = await announced({ places: 2 })
  await signUp(house.ctx, { id, residentId: house.residentId })
  house.setNow(evening.until.toISOString())
  const over = { reason: 'workshop-over' }
  await expect(signUp(house.ctx, { id, residentId: thirdId })).rejects.toMatchObject(over)
  await expect(leaveWorkshop(house.ctx, { id, residentId: house.residentId })).rejects.toMatchObject(over)
  await expect(cancelWorkshop(house.ctx, { id, actorId: house.neighbourId })).rejects.toMatchObject(over)
})

test('nobody announces or takes a seat at a site where they do not live', async () => {
  const { id: siteId } = await createSite(house.ctx, { name: 'Lille' })
  const { id: stranger } = await createResident(house.ctx, { siteId, name: 'Di', flat: 'B1' })
  await expect(announced({ hostId: stranger })).rejects.toMatchObject({ reason: 'not-found', field: 'hostId' })
  const { id } = await announced()
  await expect(signUp(house.ctx, { id, residentId: stranger })).rejects.toMatchObject({ reason: 'not-found' })
})

test('who somebody was is not kept for longer than three months', async () => {
  const { id, roomId } = await announced()
  await signUp(house.ctx, { id, residentId: house.residentId })
  await book(house.ctx, { roomId, residentId: thirdId, ...span('2026-03-23T10:00Z', '2026-03-23T11:00Z') })
  const day = span('2026-03-23T00:00Z', '2026-03-24T00:00Z')
  const names = async () => (await namesOfDay(house.ctx.sql, roomId, day)).map(each => `${each.as} ${each.name}`)
  expect(await names()).toEqual(['member Cy', 'seat Ada', 'host Bo'])
  await deleteOldBookings(house.ctx.sql, at('2026-03-23T20:00Z'))
  expect(await names()).toEqual(['seat Ada', 'host Bo'])
  await deleteOldBookings(house.ctx.sql, at('2026-03-23T20:01Z'))
  expect(await names()).toEqual([])
})
