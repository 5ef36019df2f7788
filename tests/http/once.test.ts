import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
})
afterAll(() => server.close())

const hour = (from: number) => new Date(Date.now() + from * 3_600_000).toISOString()
const times = <T>(count: number, ask: () => Promise<T>) => Promise.all(Array.from({ length: count }, ask))

test('twenty repeats at once: done once, and each gets the same answer', async () => {
  const before = server.devices.length
  const key = { 'idempotency-key': 'open-at-once' }
  const open = () => site.caretaker.ask('POST', `/api/doors/${site.doorId(2)}/open`, { reason: 'look' }, key)
  const answers = await times(20, open)
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202))
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  expect(server.devices.slice(before)).toMatchObject([{ order: { id: answers[0]!.body.orderId } }])
})

test('twenty repeats of a grant: one code, derived for each of them', async () => {
  const key = { 'idempotency-key': 'grant-at-once' }
  const body = { doorId: site.doorId(5), from: hour(1), until: hour(2), means: 'code', reason: 'workshop' }
  const answers = await times(20, () => site.caretaker.ask('POST', '/api/grants', body, key))
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  const [grants] = await server.sql`select count(*)::int as n from grants where door_id = ${site.doorId(5)}`
  expect(grants).toEqual({ n: 1 })
})

test('a refusal that wrote nothing leaves the key free; one that was recorded is the answer to the repeat', async () => {
  const { ask } = site.courier
  const place = { controllerId: site.controllerId, flat: '12', size: 'L' }
  const key = { 'idempotency-key': 'when-away' }
  await server.sql`update controllers set online = false`
  expect(await ask('POST', '/api/parcels', place, key)).toMatchObject({ status: 409 })
  await server.sql`update controllers set online = true`
  const placed = await ask<{ id: string }>('POST', '/api/parcels', place, key)
  expect(placed.status).toBe(201)

  // the only L box: the deposit ends, and that is committed
  const swap = () => ask('POST', `/api/parcels/${placed.body.id}/swap`, { size: 'L' }, { 'idempotency-key': 'swap' })
  const first = await swap()
  expect(first).toMatchObject({ status: 409, body: { error: { reason: 'none-free', details: { free: {} } } } })
  expect((await swap()).body).toEqual(first.body)
})

test('every shown code is asked for once per key', async () => {
  const { ask } = site.courier
  const placed = await ask<{ id: string }>('POST', '/api/parcels', {
    controllerId: site.controllerId,
    flat: '12',
    size: 'S',
  })
  await server.sql`update parcels set step = 'closed' where id = ${placed.body.id}`
  await ask('POST', `/api/parcels/${placed.body.id}/placed`)
  const read = () =>
    site.caretaker.ask('POST', `/api/parcels/${placed.body.id}/code`, { reason: 'x' }, { 'idempotency-key': 'read' })
  const answers = await times(3, read)
  expect(answers.map(({ body }) => body)).toEqual(Array(3).fill({ code: expect.stringMatching(/^\d{8}$/) }))
  const [shown] = await server.sql`select count(*)::int as n from history where type = 'code-shown'`
  expect(shown).toEqual({ n: 1 })
  expect(JSON.stringify(await server.sql`select * from idempotency`)).not.toContain(answers[0]!.body.code)
})
