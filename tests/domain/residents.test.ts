import { afterAll, beforeAll, expect, test } from 'vitest'
import { book } from '../../server/domain/bookings.ts'
import { makeGrant } from '../../server/domain/grants.ts'
import { moveOut } from '../../server/domain/move-out.ts'
import { findRecipients } from '../../server/domain/recipients.ts'
import { changeResident, createResident, newPin } from '../../server/domain/residents.ts'
import { findSession, makeSignIn } from '../../server/domain/sessions.ts'
import { putOnShelf } from '../../server/domain/shelf.ts'
import { announceWorkshop, signUp } from '../../server/domain/workshops.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { residentById, residentsLike } from '../../server/store/residents.ts'
import { openRoomHouse, type RoomHouse, span } from './room-house.ts'

let house: RoomHouse
beforeAll(async () => {
  house = await openRoomHouse('2026-03-20T10:00:00Z')
})
afterAll(() => house.close())

const reason = 'new flat elsewhere'
const leave = (id: string) => moveOut(house.ctx, { id, actorId: house.actorId, reason })
const shelve = (residentId: string) =>
  putOnShelf(house.ctx, { siteId: house.siteId, residentId, size: 'S', shelf: 'A1', actorId: house.actorId })
let newcomers = 0
const newcomer = () =>
  createResident(house.ctx, { siteId: house.siteId, name: `New ${++newcomers}`, flat: `N${newcomers}` })
const signedIn = async (memberNumber: string, pin: string) =>
  (await makeSignIn(house.ctx)({ input: { type: 'resident', memberNumber, pin }, from: 'here' })).token

test('what is changed is kept as it was written, and the chain says which part changed, not to what', async () => {
  const { ctx, actorId } = house
  const { id } = await newcomer()
  const person = {
    name: ' Ada  Li ',
    flat: '12',
    needsLowDoor: true,
    email: 'ada@example.org',
    phone: '06 12 34 56 78',
  }
  await changeResident(ctx, { id, actorId, ...person, tellBy: ['sms'] })
  expect(await residentById(ctx.sql, id)).toMatchObject({
    ...{ name: 'Ada Li', flat: '12', needsLowDoor: true, email: 'ada@example.org', phone: '+33612345678' },
    ...{ tellBy: ['sms'], language: null, hasPin: true, movedOutAt: null },
  })
  await changeResident(ctx, { id, actorId, name: 'Ada Li', flat: '12', needsLowDoor: true })
  expect(await residentById(ctx.sql, id)).toMatchObject({ email: null, phone: null, tellBy: [] })
  const facts = await ctx.sql`select facts from history where type = 'resident-changed' order by n`
  expect(facts.map(each => each.facts.changed)).toEqual([
    ['name', 'flat', 'needsLowDoor', 'email', 'phone', 'tellBy'],
    ['email', 'phone', 'tellBy'],
  ])
  await expect(changeResident(ctx, { id, actorId, ...person, tellBy: ['sms'], phone: '12' })).rejects.toMatchObject({
    ...{ reason: 'invalid', field: 'phone' },
  })
})

test('a new PIN takes the place of the old one and ends what was signed in with it', async () => {
  const { ctx, actorId } = house
  const { id, memberNumber, pin } = await newcomer()
  const token = await signedIn(memberNumber, pin)
  const made = await newPin(ctx, { id, actorId })
  expect(made).toMatchObject({ id, memberNumber, pin: expect.stringMatching(/^\d{6}$/) })
  expect(await findSession(ctx, token)).toBeUndefined()
  await expect(signedIn(memberNumber, pin)).rejects.toThrow('wrong-sign-in')
  expect(await findSession(ctx, await signedIn(memberNumber, made.pin))).toMatchObject({ actorId: id })
})

test('people are found page by page, those who moved out only when they are asked for', async () => {
  const { ctx, siteId } = house
  for (const name of ['Zo Cy', 'Zo Cy', 'Zo Di', 'Zo Ed', 'Zo Flo'])
    await createResident(ctx, { siteId, name, flat: 'B' })
  const find = { siteId, q: 'zo ', movedOut: false, after: undefined as string | undefined, limit: 2 }
  const names: string[] = []
  for (;;) {
    const page = await residentsLike(ctx.sql, find)
    names.push(...page.map(each => each.name))
    find.after = page.at(-1)!.id
    if (page.length < 2) break
  }
  expect(names).toEqual(['Zo Cy', 'Zo Cy', 'Zo Di', 'Zo Ed', 'Zo Flo'])
  await leave(find.after)
  const found = (movedOut: boolean) => residentsLike(ctx.sql, { ...find, q: 'flo', movedOut, after: undefined })
  expect(await found(false)).toEqual([])
  expect(await found(true)).toMatchObject([{ name: 'Zo Flo', movedOutAt: expect.any(String) }])
})

test('whoever moves out has nothing that opens, books nothing, and nothing is brought for them', async () => {
  const { ctx, siteId, residentId, neighbourId, actorId } = house
  const { id, memberNumber, pin } = await createResident(ctx, { siteId, name: 'Cy', flat: 'C9' })
  const token = await signedIn(memberNumber, pin)
  const [first, second] = [await house.room(), await house.room()]
  const evening = span('2026-03-23T18:00Z', '2026-03-23T20:00Z')
  const morning = span('2026-03-24T08:00Z', '2026-03-24T09:00Z')
  const booked = await book(ctx, { roomId: first, residentId: id, ...morning })
  const others = await book(ctx, { roomId: second, residentId: neighbourId, ...morning })
  const about = { title: 'Couture', places: 3, ...evening }
  const hosted = await announceWorkshop(ctx, { roomId: first, hostId: id, ...about })
  await signUp(ctx, { id: hosted.id, residentId })
  const visited = await announceWorkshop(ctx, { roomId: second, hostId: neighbourId, ...about })
  await signUp(ctx, { id: visited.id, residentId: id })
  await signUp(ctx, { id: visited.id, residentId })
  const doorId = await house.doorId(20)
  const given = await makeGrant(ctx, { doorId, ...evening, means: 'code', residentId: id, reason: 'key lost' })

  expect(await leave(id)).toEqual({ id, ended: 4 })

  const bookings = await ctx.sql`select id, state from bookings where workshop_id is null`
  expect(Object.fromEntries(bookings.map(each => [each.id, each.state]))).toEqual({
    ...{ [booked.id]: 'cancelled', [others.id]: 'booked' },
  })
  const workshops = await ctx.sql`select id, state from workshops`
  expect(Object.fromEntries(workshops.map(each => [each.id, each.state]))).toEqual({
    ...{ [hosted.id]: 'cancelled', [visited.id]: 'announced' },
  })
  const seats = await ctx.sql`select resident_id, state from workshop_seats where workshop_id = ${visited.id}`
  expect(Object.fromEntries(seats.map(each => [each.residentId, each.state]))).toEqual({
    ...{ [id]: 'cancelled', [residentId]: 'signed-up' },
  })
  // left: the other's booking, the other's workshop and one seat in it
  const live = await ctx.sql`select id from grants where revoked_at is null`
  expect(live).toHaveLength(3)
  expect(live.map(each => each.id)).not.toContain(given.id)

  expect(await findSession(ctx, token)).toBeUndefined()
  await expect(signedIn(memberNumber, pin)).rejects.toThrow('wrong-sign-in')
  expect(await findRecipients(ctx, siteId, 'C9')).toEqual([])
  await expect(shelve(id)).rejects.toThrow('not-found')
  await expect(book(ctx, { roomId: first, residentId: id, ...evening })).rejects.toThrow('not-found')
  await expect(makeGrant(ctx, { doorId, ...evening, means: 'code', residentId: id })).rejects.toThrow('not-found')
  await expect(newPin(ctx, { id, actorId })).rejects.toThrow('moved-out')
  await expect(leave(id)).rejects.toThrow('moved-out')
  const [fact] = await ctx.sql`
    select h.actor_id, m.text from history h join notes m on m.id = (h.facts ->> 'noteId')::uuid
    where h.type = 'resident-moved-out'`
  expect(fact).toEqual({ actorId, text: reason })
  expect(await brokenAt(ctx.sql, siteId)).toBeNull()
})

test('nobody moves out while something lies here for them', async () => {
  const { id } = await newcomer()
  const { receipt } = await shelve(id)
  await expect(leave(id)).rejects.toMatchObject({
    ...{ reason: 'parcels-here', details: { receipts: [receipt] } },
  })
  await house.ctx.sql`update parcels set state = 'collected'`
  expect(await leave(id)).toMatchObject({ ended: 0 })
})

test('a parcel, a booking and a departure at the same moment: never one for somebody who is gone', async () => {
  const { ctx } = house
  const roomId = await house.room({ places: 12 })
  const time = span('2026-03-24T08:00Z', '2026-03-24T09:00Z')
  const gone: string[] = []
  for (let round = 0; round < 12; round++) {
    const { id } = await newcomer()
    // each of them is first sometimes
    const after = async (count: number) => {
      for (let n = 0; n < count; n++) await ctx.sql`select 1`
    }
    const booking = after(round % 4).then(() => book(ctx, { roomId, residentId: id, ...time }))
    const parcel = after(round % 5).then(() => shelve(id))
    const [left] = await Promise.allSettled([leave(id), booking, parcel])
    if (left.status === 'fulfilled') gone.push(id)
  }
  const wrong = await ctx.sql`
    select r.name from residents r where r.id = any(${gone}::uuid[]) and (
      exists (select 1 from parcels p where p.resident_id = r.id)
      or exists (select 1 from bookings b where b.resident_id = r.id and b.state = 'booked'))`
  expect(wrong).toEqual([])
  expect(gone.length).toBeGreaterThan(0)
  expect(gone.length).toBeLessThan(12)
})
