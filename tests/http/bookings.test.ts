import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ask, connectController, makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
let roomId: string
let ada: Ask
let bo: Ask
let boId: string

const quarterMs = 15 * 60_000
const hourMs = 4 * quarterMs
const dayMs = 24 * hourMs
const key = () => ({ 'idempotency-key': randomUUID() })
/** The quarter of an hour after so many hours from now. */
const soon = (hours: number) => new Date(Math.ceil(Date.now() / quarterMs) * quarterMs + hours * hourMs)
const span = (from: Date, ms = hourMs) => ({
  ...{ from: from.toISOString(), until: new Date(from.getTime() + ms).toISOString() },
})
type Failure = { error: { reason: string; field?: string; details?: { next?: { from: string; until: string }[] } } }
type Made = { id: string } & Failure
const always = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, from: '00:00', until: '00:00' }))

beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  const { ask } = site.caretaker
  const room = { doorId: site.doorId(5), name: 'Atelier', capacity: 12, hours: always, holidays: 'none' }
  roomId = (await ask<Made>('POST', '/api/rooms', room)).body.id
  const neighbour = { siteId: site.siteId, name: 'Bo Martin', flat: '14' }
  const made = (await ask<{ id: string; memberNumber: string; pin: string }>('POST', '/api/residents', neighbour)).body
  boId = made.id
  const signedIn = async ({ memberNumber, pin }: { memberNumber: string; pin: string }) =>
    (await server.signedIn({ memberNumber, pin })).ask
  ;[ada, bo] = await Promise.all([signedIn(site.resident), signedIn(made)])
})
afterAll(() => server.close())

const bookAs = (ask: Ask, body: object, headers: object = key()) =>
  ask<Made>('POST', '/api/me/bookings', { roomId, ...body }, headers)

test('two book the same place at the same moment, 200 times: one wins, the other gets the next free times', {
  timeout: 120_000,
}, async () => {
  let at = soon(1)
  const wins = { ada: 0, bo: 0 }
  for (let round = 0; round < 200; round += 1) {
    const wanted = span(at, 2 * quarterMs)
    const [hers, his] = await Promise.all([bookAs(ada, wanted), bookAs(bo, wanted)])
    const [won, lost, loser] = hers.status === 201 ? [hers, his, bo] : [his, hers, ada]
    wins[loser === bo ? 'ada' : 'bo'] += 1
    expect([won.status, lost.status]).toEqual([201, 409])
    expect(lost.body.error).toMatchObject({ reason: 'taken', field: 'from' })
    const next = lost.body.error.details!.next!
    at = new Date(wanted.until)
    expect(next).toEqual([0, 1, 2].map(later => span(new Date(at.getTime() + later * 2 * quarterMs), 2 * quarterMs)))
    if (round % 20 > 0) continue
    expect((await bookAs(loser, next[0]!)).status).toBe(201)
    at = new Date(next[0]!.until)
  }
  const rows = await server.sql`
    select count(*)::int as made, count(distinct "from")::int as times, count(distinct grant_id)::int as grants from bookings`
  expect(rows).toEqual([{ made: 210, times: 210, grants: 210 }])
  expect(wins.ada + wins.bo).toBe(200)
  expect(server.errors).toEqual([])
})

const days = 40
test('what cannot be booked is refused with its reason and the member it is about', async () => {
  const closed = new Date(soon(0).getTime() + days * dayMs)
  const day = closed.toISOString().slice(0, 10)
  const noon = new Date(`${day}T12:00:00Z`)
  const { ask } = site.caretaker
  await ask('POST', `/api/rooms/${roomId}/exceptions`, { day, is: 'closed', reason: 'works' }, key())
  const start = new Date(noon.getTime() - dayMs)
  const refusals: [wanted: object, status: number, reason: string, field: string][] = [
    [{ from: span(start).until, until: span(start).from }, 400, 'ends-before-start', 'until'],
    [span(noon), 409, 'closed-day', 'from'],
    [span(start, 3650 * dayMs), 409, 'too-long', 'until'],
    [span(new Date(start.getTime() + 3650 * dayMs)), 409, 'too-far-ahead', 'from'],
    [span(soon(-5)), 409, 'in-the-past', 'from'],
    [span(new Date(start.getTime() + 60_000)), 400, 'not-on-grid', 'from'],
    [{ roomId: randomUUID(), ...span(start) }, 404, 'not-found', 'roomId'],
    [{ from: `${day}T12:00`, until: span(noon).until }, 400, 'invalid', 'from'],
    [{ from: '2027-02-31T12:00:00Z', until: span(noon).until }, 400, 'invalid', 'from'],
    [{ ...span(start), means: 'badge' }, 400, 'invalid', 'means'],
  ]
  for (const [wanted, status, reason, field] of refusals) {
    const answer = await bookAs(ada, wanted)
    expect([answer.status, answer.body.error]).toMatchObject([status, { reason, field, message: expect.any(String) }])
  }
  const slots = async (asked: string) => ada<Failure>('GET', `/api/me/rooms/${roomId}/slots?day=${asked}`)
  expect((await slots(day)).body).toMatchObject({ closed: 'exception', open: [], free: [] })
  expect((await slots('2027-02-31')).body).toMatchObject({ error: { reason: 'invalid', field: 'day' } })
  // the same moment said by another clock
  const local = (at: string) => new Date(new Date(at).getTime() + 9 * hourMs).toISOString().replace('Z', '+09:00')
  const { from, until } = span(start)
  const tokyo = await bookAs(ada, { from: local(from), until: local(until) })
  expect([tokyo.status, tokyo.body]).toMatchObject([201, { from, until }])
})

test('the code is the member’s own, the answer lost and asked for again is the same booking, no code is kept', async () => {
  const repeat = key()
  // the quarter that runs, so that the door opens for it now
  const wanted = { ...span(soon(-0.25), 2 * quarterMs), means: 'totp' }
  const made = await bookAs(ada, wanted, repeat)
  expect(made.body).toMatchObject({ room: 'Atelier', state: 'booked', means: 'totp', doorKnows: false })
  expect((await bookAs(ada, wanted, repeat)).body).toEqual(made.body)
  const path = `/api/me/bookings/${made.body.id}`
  for (const [method, way] of [
    ['GET', 'code'],
    ['POST', 'cancel'],
  ])
    expect((await bo(method!, `${path}/${way}`)).status).toBe(404)
  const shown = await ada<{ code: string; validForMs: number }>('GET', `${path}/code`)
  expect(shown.body).toMatchObject({ code: expect.stringMatching(/^\d{8}$/) })
  expect(shown.body.validForMs).toBeGreaterThan(0)
  expect(shown.body.validForMs).toBeLessThanOrEqual(30_000)
  expect(Object.keys(shown.body).sort()).toEqual(['code', 'means', 'opensAt', 'until', 'validForMs'])
  expect((await ada('POST', `${path}/cancel`, undefined, key())).body).toMatchObject({ state: 'cancelled' })
  expect((await ada('GET', `${path}/code`)).body).toMatchObject({ error: { reason: 'no-code' } })
})

test('at the counter: booked for somebody with a code to print, which no table holds', async () => {
  const repeat = key()
  const wanted = { residentId: boId, ...span(soon(31 * 24)) }
  const { ask } = site.caretaker
  const path = `/api/rooms/${roomId}/bookings`
  const made = await ask<{ id: string; code: string }>('POST', path, wanted, repeat)
  expect([made.status, made.body.code]).toEqual([201, expect.stringMatching(/^\d{8}$/)])
  expect((await ask('POST', path, wanted, repeat)).body).toEqual(made.body)
  const own = await bo<{ items: { id: string }[] }>('GET', '/api/me/bookings')
  expect(own.body.items.map(each => each.id)).toContain(made.body.id)
  const kept = await server.sql`select to_jsonb(i)::text as row from idempotency i`
  expect(JSON.stringify(kept)).not.toContain(made.body.code)
})

test('the day of a room has no names; asked for with a reason they are told, and that is kept', async () => {
  // not the day after that of the test before: late in the evening its booking reaches into it
  const from = soon(33 * 24)
  await bookAs(bo, span(from))
  const { ask } = site.caretaker
  const day = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Paris' }).format(from)
  const shown = await ask('GET', `/api/rooms/${roomId}/day?day=${day}`)
  expect(shown.body).toMatchObject({ inside: 0, room: { name: 'Atelier' }, bookings: [{ place: 1 }] })
  expect(JSON.stringify(shown.body)).not.toContain('Martin')
  expect((await bo('POST', `/api/rooms/${roomId}/names`, { day, reason: 'curious' })).status).toBe(403)
  const repeat = key()
  const asked = { day, reason: 'a scarf was left' }
  const told = await ask('POST', `/api/rooms/${roomId}/names`, asked, repeat)
  expect(told.body).toMatchObject({ items: [{ name: 'Bo Martin', residentId: boId, as: 'member', entered: false }] })
  expect((await ask('POST', `/api/rooms/${roomId}/names`, asked, repeat)).body).toEqual(told.body)
  const facts = await server.sql`
    select h.facts, h.actor_id, n.text from history h join notes n on n.id = (h.facts ->> 'noteId')::uuid where h.type = 'names-asked'`
  expect(facts).toMatchObject([{ facts: { roomId, day }, actorId: expect.any(String), text: 'a scarf was left' }])
  expect(JSON.stringify(facts[0]!.facts)).not.toMatch(/scarf|Martin/)
})

test('a site is shut or held open at once; a door that is away is named, and hears nothing of it later', async () => {
  const { ask } = site.caretaker
  const doors = [{ door: 1, kind: 'room', doorSensor: true, occupancySensor: false }]
  await ask('POST', '/api/controllers', { id: 'street', siteId: site.siteId, name: 'Rue', doors })
  const modes = () =>
    server.devices.flatMap(work => ('order' in work && work.order.type === 'mode' ? [work.order] : []))
  const path = `/api/sites/${site.siteId}`
  const asked = { reason: 'a fight', forMs: 3_600_000 }
  const shut = await ask('POST', `${path}/lock-down`, asked, key())
  expect([shut.status, shut.body]).toMatchObject([
    ...[202, { orders: [{ doorId: site.doorId(5) }], notReachable: [{ controllerId: 'street' }] }],
  ])
  await connectController(server, 'street')
  const open = await ask('POST', `${path}/hold-open`, { ...asked, reason: 'open day' }, key())
  expect(open.body).toMatchObject({ orders: [{}, {}], notReachable: [] })
  expect((await ask('POST', `${path}/normal`, { reason: 'over' }, key())).status).toBe(202)
  expect(modes().map(({ mode, forMs }) => [mode, forMs])).toEqual([
    ['locked', 3_600_000],
    ['free', 3_600_000],
    ['free', 3_600_000],
    ['normal', 0],
    ['normal', 0],
  ])
  const facts = await server.sql`select facts from history where type = 'site-mode' order by n`
  expect(facts.map(row => row.facts)).toMatchObject([
    { mode: 'locked', told: 1, notReachable: 1 },
    { mode: 'free', told: 2, notReachable: 0 },
    { mode: 'normal', told: 2 },
  ])
  expect(JSON.stringify(facts)).not.toContain('fight')
  // each door's order names the reason too
  const reasons = await server.sql`
    select n.text from history h join notes n on n.id = (h.facts ->> 'noteId')::uuid where h.type = 'order-made' order by h.n`
  expect(reasons.map(row => row.text)).toEqual(['a fight', 'open day', 'open day', 'over', 'over'])
  await server.sql`update controllers set online = false`
  expect((await ask('POST', `${path}/lock-down`, asked, key())).body).toMatchObject({
    error: { reason: 'not-reachable' },
  })
  expect((await ada('POST', `${path}/lock-down`, asked)).status).toBe(403)
})
