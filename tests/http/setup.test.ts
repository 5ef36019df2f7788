import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeFirstLandlord, makeSetupLink } from '../../server/domain/first-landlord.ts'
import { landlord, type Server, startForTests } from './server-for-tests.ts'

let server: Server
beforeEach(async () => {
  server = await startForTests({ withLandlord: false })
})
afterEach(() => server.close())

const person = { email: 'Odile@Example.org', password: 'twelve or more' }
const setUp = (token: string | null, more: object = {}) =>
  server.ask('POST', '/api/setup', { token, ...person, ...more })
const landlords = async () =>
  (await server.sql`select email, name from accounts where role = 'landlord'`).map(row => ({ ...row }))

test('the link makes one landlord, who then signs in; it serves once', async () => {
  const token = await makeSetupLink(server.ctx)
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
  // tried before there was anybody: it must not keep them out afterwards
  for (let n = 0; n < 6; n += 1) await server.ask('POST', '/api/sessions', person)
  expect((await setUp(token, { name: 'Odile' })).status).toBe(201)
  expect(await landlords()).toEqual([{ email: 'odile@example.org', name: 'Odile' }])
  expect(await server.ask('POST', '/api/sessions', person)).toMatchObject({ status: 201, body: { role: 'landlord' } })
  expect(await setUp(token, { email: 'second@example.org' })).toMatchObject({
    status: 410,
    body: { error: { reason: 'link-used' } },
  })
  expect(await makeSetupLink(server.ctx)).toBe(null)
  expect(await server.sql`select * from setup_links`).toHaveLength(0)
})

test('only its hash is kept', async () => {
  const token = await makeSetupLink(server.ctx)
  const [row] = await server.sql`select token_hash from setup_links`
  expect(row?.tokenHash).toEqual(createHash('sha256').update(token!).digest())
})

test('the next start voids it, and so does a landlord from the settings', async () => {
  const old = await makeSetupLink(server.ctx)
  const next = await makeSetupLink(server.ctx)
  expect(await setUp(old)).toMatchObject({ status: 404, body: { error: { reason: 'link-unknown' } } })
  await makeFirstLandlord(server.ctx, landlord)
  expect(await setUp(next)).toMatchObject({ status: 410, body: { error: { reason: 'link-used' } } })
  expect(await landlords()).toEqual([{ email: landlord.email, name: landlord.email }])
})

test('it lasts 24 hours', async () => {
  const token = await makeSetupLink(server.ctx)
  server.forward(24 * 3_600_000 + 1000)
  expect(await setUp(token)).toMatchObject({ status: 410, body: { error: { reason: 'link-too-old' } } })
  expect(await landlords()).toEqual([])
})

test('eight at once with one link make one landlord', async () => {
  const token = await makeSetupLink(server.ctx)
  const all = await Promise.all(Array.from({ length: 8 }, (_, n) => setUp(token, { email: `p${n}@example.org` })))
  expect(all.map(each => each.status).sort()).toEqual([201, ...Array(7).fill(410)])
  expect(await landlords()).toHaveLength(1)
})

test.each([
  ['token', 'short'],
  ['email', 'nobody'],
  ['password', 'elevenchars'],
  ['name', ''],
  ['role', 'landlord'],
])('a bad %s is named', async (field, value) => {
  const token = await makeSetupLink(server.ctx)
  expect(await setUp(token, { [field]: value })).toMatchObject({
    status: 400,
    body: { error: { reason: 'invalid', field } },
  })
  expect(await landlords()).toEqual([])
})

test.each([
  ['POST /api/setup', 10, { token: 'x'.repeat(43), ...person }, 404],
  ['POST /api/sessions', 120, {}, 400],
  ['POST /api/sign-in-codes', 60, { memberNumber: '00000000', by: 'email' }, 202],
  ['GET /api/receipts/AAAA-AAAA', 60, undefined, 404],
])('%s: %i in a minute, and no more from one address', async (route, most, body, status) => {
  const [method, path] = route.split(' ') as [string, string]
  const statuses: number[] = []
  for (let n = 0; n <= most; n++) statuses.push((await server.ask(method, path, body)).status)
  expect(statuses).toEqual([...Array(most).fill(status), 429])
})
