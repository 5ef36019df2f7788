import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
let id: string
const reason = 'asked at the counter'

beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  const body = { controllerId: site.controllerId, flat: '12', size: 'S', tracking: 'T-1' }
  id = (await site.courier.ask<{ id: string }>('POST', '/api/parcels', body)).body.id
  await server.sql`update parcels set step = 'closed'`
  await site.courier.ask('POST', `/api/parcels/${id}/placed`, {})
})
afterAll(() => server.close())

const count = async (type: string) =>
  (await server.sql<{ count: number }[]>`select count(*)::int from history where type = ${type}`)[0]!.count

test('a parcel is found by receipt, tracking number, flat or the beginning of a name, and shown without a name', async () => {
  const [parcel] = await server.sql<{ receipt: string }[]>`select receipt from parcels`
  const found = async (q: string) =>
    (await site.caretaker.ask<{ items: { id: string }[] }>('GET', `/api/parcels?siteId=${site.siteId}&q=${q}`)).body
      .items
  for (const q of ['', '12', 'ad', 'T-1', parcel!.receipt.toLowerCase()])
    expect((await found(q)).map(each => each.id)).toEqual([id])
  for (const q of ['13', 'da', 'T-', '%25']) expect(await found(q)).toEqual([])
  expect(JSON.stringify(await found('12'))).not.toContain('Ada')
})

test('a double tap with one key gives one new code, and one order for who stands at the counter', async () => {
  const twice = async <T>(path: string, key: string) => {
    const ask = () => site.caretaker.ask<T>('POST', path, { reason }, { 'idempotency-key': key })
    return Promise.all([ask(), ask()])
  }
  const codes = await twice<{ code: string }>(`/api/parcels/${id}/new-code`, 'tap-1')
  expect(codes.map(each => each.status)).toEqual([200, 200])
  expect(codes[0]!.body).toEqual({ code: expect.stringMatching(/^\d{8}$/) })
  expect(codes[1]!.body).toEqual(codes[0]!.body)
  const orders = await twice<{ orderId: string }>(`/api/parcels/${id}/collect-for`, 'tap-2')
  expect(orders.map(each => each.status)).toEqual([202, 202])
  expect(orders[1]!.body).toEqual(orders[0]!.body)
  expect([await count('code-reissued'), await count('collect-for')]).toEqual([1, 1])
  const kept = await server.sql<{ result: string }[]>`select result from idempotency`
  expect(kept.some(({ result }) => result.includes(codes[0]!.body.code))).toBe(false)
})

test('a bank that is away opens nothing for anybody, and is said so', async () => {
  await server.sql`update controllers set online = false`
  const answer = await site.caretaker.ask<object>('POST', `/api/parcels/${id}/collect-for`, { reason })
  expect([answer.status, answer.body]).toMatchObject([409, { error: { reason: 'not-reachable' } }])
  expect(await count('collect-for')).toBe(1)
})
