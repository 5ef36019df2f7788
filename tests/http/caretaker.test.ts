import { afterAll, beforeAll, expect, test } from 'vitest'
import { brokenAt } from '../../server/store/chain.ts'
import { connectController, makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
let other: Site
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  other = await makeSite(server, 'bank-2')
})
afterAll(() => server.close())

test('an opening makes an order for the device, once per key', async () => {
  const path = `/api/doors/${site.doorId(1)}/open`
  const key = { 'idempotency-key': 'open-1' }
  const first = await site.caretaker.ask<{ orderId: string }>('POST', path, { reason: 'look' }, key)
  expect(first.status).toBe(202)
  const again = await site.caretaker.ask('POST', path, { reason: 'look' }, key)
  expect(again).toMatchObject({ status: 202, body: first.body })
  expect(server.devices.filter(work => 'order' in work)).toMatchObject([{ order: { id: first.body.orderId } }])
  const order = await site.caretaker.ask('GET', `/api/orders/${first.body.orderId}`)
  expect(order.body).toMatchObject({ state: 'made', doorId: site.doorId(1), acceptedAt: null, unlockedAt: null })
  const changed = await site.caretaker.ask('POST', path, { reason: 'something else' }, key)
  expect(changed).toMatchObject({ status: 422, body: { error: { reason: 'key-used-for-another-request' } } })
})

test('a bank that is away cannot be opened from here [ORDER-16]', async () => {
  await server.sql`update controllers set online = false where id = ${site.controllerId}`
  const away = await site.caretaker.ask('POST', `/api/doors/${site.doorId(1)}/open`, { reason: 'look' })
  expect(away).toMatchObject({ status: 409, body: { error: { reason: 'not-reachable' } } })
  await connectController(server, site.controllerId)
})

test('another site does not exist for a caretaker', async () => {
  const { ask } = site.caretaker
  expect((await ask('POST', `/api/doors/${other.doorId(1)}/open`, { reason: 'x' })).status).toBe(404)
  expect((await ask('GET', `/api/doors?siteId=${other.siteId}`)).status).toBe(404)
  expect((await ask('GET', `/api/controllers/${other.controllerId}`)).status).toBe(404)
  const mine = await ask<{ items: { id: string }[] }>('GET', '/api/controllers')
  expect(mine.body.items.map(({ id }) => id)).toEqual([site.controllerId])
})

test('what a role may not do is refused', async () => {
  expect((await site.courier.ask('GET', '/api/controllers')).status).toBe(403)
  expect((await site.caretaker.ask('POST', '/api/sites', { name: 'x' })).status).toBe(403)
  expect((await server.ask('GET', '/api/history')).status).toBe(401)
})

test('the secret of an enrolment is shown once [LINK-2]', async () => {
  const door = { door: 1, kind: 'room', doorSensor: true, occupancySensor: false }
  const body = { id: 'room-9', siteId: site.siteId, name: 'Room', doors: [door] }
  const key = { 'idempotency-key': 'enrol-9' }
  const first = await site.caretaker.ask<{ password: string }>('POST', '/api/controllers', body, key)
  expect(first).toMatchObject({
    status: 201,
    body: { id: 'room-9', password: expect.any(String), codeKey: expect.any(String) },
  })
  const again = await site.caretaker.ask('POST', '/api/controllers', body, key)
  expect(again).toMatchObject({ status: 409, body: { error: { reason: 'already-shown' } } })
  const kept = await server.sql`select result from idempotency`
  expect(JSON.stringify(kept)).not.toContain(first.body.password)
})

test('where compartments stand is kept and shown; half a place, one of a room, or one for two is refused', async () => {
  const { ask } = site.caretaker
  const box = { kind: 'compartment', size: 'M', doorSensor: true, occupancySensor: false }
  const enrol = (id: string, doors: object[]) =>
    ask('POST', '/api/controllers', { id, siteId: site.siteId, name: 'Hall', doors })
  const placed = [
    { ...box, door: 1, column: 2, row: 1 },
    { ...box, door: 2 },
  ]
  expect((await enrol('placed', placed)).status).toBe(201)
  const { body } = await ask<{ doors: { door: number; column: number; row: number }[] }>(
    'GET',
    '/api/controllers/placed',
  )
  expect(body.doors.map(({ door, column, row }) => [door, column, row])).toEqual([
    [1, 2, 1],
    [2, null, null],
  ])
  for (const [reason, field, wrong] of [
    ['invalid', 'doors.0.row', [{ ...box, door: 1, column: 2 }]],
    ['invalid', 'doors.0.column', [{ ...box, door: 1, row: 2 }]],
    ['invalid', 'doors.0.column', [{ ...box, door: 1, column: 0, row: 1 }]],
    ['invalid', 'doors.0.column', [{ ...box, door: 1, column: 1, row: 1, kind: 'room', size: undefined }]],
    ['place-taken', 'doors.1.row', [1, 2].map(door => ({ ...box, door, column: 3, row: 4 }))],
  ] as const) {
    const { status, body } = await enrol('not-placed', [...wrong])
    expect([status, body]).toMatchObject([reason === 'invalid' ? 400 : 409, { error: { reason, field } }])
  }
})

test('many enrolments at a site at the same moment do not lock each other', async () => {
  const door = { door: 1, kind: 'room', doorSensor: true, occupancySensor: false }
  const enrol = (_: unknown, n: number) =>
    site.caretaker.ask('POST', '/api/controllers', {
      id: `at-once-${n}`,
      siteId: site.siteId,
      name: 'Room',
      doors: [door],
    })
  const made = await Promise.all(Array.from({ length: 20 }, enrol))
  expect(made.map(({ status }) => status)).toEqual(Array(20).fill(201))
})

test('an id in capitals is the same id, and the history stays whole', async () => {
  const { ask } = site.caretaker
  const capitals = (id: string) => id.toUpperCase()
  const opened = await ask<{ orderId: string }>('POST', `/api/doors/${capitals(site.doorId(2))}/open`, { reason: 'x' })
  expect(opened.status).toBe(202)
  const door = { door: 1, kind: 'room', doorSensor: true, occupancySensor: false }
  const room = { id: 'room-10', siteId: capitals(site.siteId), name: 'Room', doors: [door] }
  expect((await ask('POST', '/api/controllers', room)).status).toBe(201)
  const span = { from: new Date().toISOString(), until: new Date(Date.now() + 3_600_000).toISOString() }
  const grant = { doorId: capitals(site.doorId(5)), ...span, means: 'code', reason: 'x' }
  const made = await ask<{ id: string }>('POST', '/api/grants', grant)
  expect(made.status).toBe(201)
  expect((await ask('DELETE', `/api/grants/${capitals(made.body.id)}`)).status).toBe(204)
  const account = { email: 'c@example.org', name: 'C', role: 'caretaker', password: 'another long one' }
  const body = { ...account, siteIds: [capitals(site.siteId)] }
  expect((await site.admin.ask('POST', '/api/accounts', body)).status).toBe(201)
  expect(await brokenAt(server.sql, site.siteId)).toBe(null)
})

test('a code for a room is derived, not stored, also for the repeat', async () => {
  const from = new Date(Date.now() - 1000).toISOString()
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const body = { doorId: site.doorId(5), from, until, uses: 0, means: 'code', reason: 'workshop' }
  const key = { 'idempotency-key': 'grant-1' }
  const first = await site.caretaker.ask<{ id: string; code: string }>('POST', '/api/grants', body, key)
  expect(first).toMatchObject({ status: 201, body: { code: expect.stringMatching(/^\d{8}$/) } })
  expect((await site.caretaker.ask('POST', '/api/grants', body, key)).body).toEqual(first.body)
  const kept = await server.sql`select * from idempotency`
  expect(JSON.stringify(kept)).not.toContain(first.body.code)
  expect((await site.caretaker.ask('DELETE', `/api/grants/${first.body.id}`)).status).toBe(204)
})

test('the history is paged and comes as CSV', async () => {
  type Page = { items: { n: number }[]; next: string | null }
  const seen: number[] = []
  let cursor = ''
  do {
    const page = (await site.caretaker.ask<Page>('GET', `/api/history?siteId=${site.siteId}&limit=2${cursor}`)).body
    seen.push(...page.items.map(({ n }) => n))
    cursor = page.next ? `&cursor=${encodeURIComponent(page.next)}` : ''
  } while (cursor)
  const [count] = await server.sql<
    { n: number }[]
  >`select count(*)::int as n from history where site_id = ${site.siteId}`
  expect(seen).toHaveLength(count!.n)
  expect(new Set(seen).size).toBe(count!.n)
  const csv = await site.caretaker.ask<string>('GET', '/api/history', undefined, { accept: 'text/csv' })
  expect(csv.body as unknown as string).toMatch(/^n,type,at/)
})
