import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
})
afterAll(() => server.close())

type Placing = { id: string; receipt: string; doorId: string; orderId: string }

test('from availability to the receipt, and the code reaches the resident only', async () => {
  const { ask } = site.courier
  const free = await ask<{ sizes: { size: string; free: number }[] }>(
    'GET',
    `/api/availability?controllerId=${site.controllerId}`,
  )
  expect(free.body.sizes).toContainEqual(expect.objectContaining({ size: 'S', free: 3 }))
  const body = { controllerId: site.controllerId, residentId: site.resident.id, size: 'S', tracking: 'T1' }
  const made = await ask<Placing>('POST', '/api/parcels', body, { 'idempotency-key': 'p1' })
  expect(made).toMatchObject({ status: 201, body: { state: 'placing', receipt: expect.any(String) } })
  expect((await ask('POST', '/api/parcels', body, { 'idempotency-key': 'p1' })).body).toEqual(made.body)
  expect((await ask('GET', `/api/orders/${made.body.orderId}`)).status).toBe(200)

  await server.sql`update parcels set step = 'closed', opened_at = now() where id = ${made.body.id}`
  const placed = await ask('POST', `/api/parcels/${made.body.id}/placed`)
  expect(placed).toMatchObject({ status: 200, body: { state: 'waiting' } })

  const { memberNumber, pin } = site.resident
  const resident = await server.signedIn({ memberNumber, pin })
  const mine = await resident.ask<{ items: { code: string }[] }>('GET', '/api/me/parcels')
  expect(mine.body.items).toMatchObject([
    { id: made.body.id, state: 'waiting', code: expect.stringMatching(/^\d{8}$/) },
  ])
  const asked = await site.caretaker.ask('POST', `/api/parcels/${made.body.id}/code`, { reason: 'lost it' })
  expect(asked.body).toEqual({ code: mine.body.items[0]!.code })
  expect((await ask('POST', `/api/parcels/${made.body.id}/code`, { reason: 'x' })).status).toBe(403)

  const view = await site.caretaker.ask<{ timeline: { type: string }[] }>('GET', `/api/parcels/${made.body.id}`)
  expect(view.body.timeline.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['parcel-placing', 'order-made', 'parcel-waiting', 'code-shown']),
  )
  const text = JSON.stringify(view.body)
  for (const secret of ['Ada', mine.body.items[0]!.code]) expect(text).not.toContain(secret)
  const receipt = await server.ask('GET', `/api/receipts/${made.body.receipt}`)
  expect(receipt.body).toEqual({
    receipt: made.body.receipt,
    state: 'waiting',
    size: 'S',
    madeAt: expect.any(String),
    placedAt: expect.anything(),
  })
})

test('none free names what is', async () => {
  const body = { controllerId: site.controllerId, flat: '12', size: 'XL' }
  expect(await site.courier.ask('POST', '/api/parcels', body)).toMatchObject({
    status: 409,
    body: { error: { reason: 'none-free', details: expect.any(Object) } },
  })
})

test('the parcel of another carrier does not exist for a courier', async () => {
  const made = await site.courier.ask<Placing>('POST', '/api/parcels', {
    controllerId: site.controllerId,
    flat: '12',
    size: 'L',
  })
  await site.admin.ask('POST', '/api/carriers', { siteId: site.siteId, name: 'Other', code: 'other-code' })
  const rival = await server.signedIn({ carrierCode: 'other-code', siteId: site.siteId })
  for (const path of ['', '/placed', '/cancel'])
    expect((await rival.ask(path ? 'POST' : 'GET', `/api/parcels/${made.body.id}${path}`)).status).toBe(404)
  expect((await rival.ask('GET', `/api/orders/${made.body.orderId}`)).status).toBe(404)
  expect((await site.courier.ask('POST', `/api/parcels/${made.body.id}/cancel`)).status).toBe(200)
})

test('nobody reads off the building by letters: a session is told when it is shown more, a parcel shows more at once', async () => {
  await server.sql`
    insert into residents (id, site_id, name, flat, member_number, created_at)
    select gen_random_uuid(), ${site.siteId}, chr(97 + n / 5) || chr(97 + n / 5) || ' ' || n, 'R' || n, 'R' || n, now()
    from generate_series(0, 29) n`
  const reader = await server.signedIn({ carrierCode: 'carrier-bank-1', siteId: site.siteId })
  type Found = { items: { flat: string }[]; error: { reason: string; message: string; details: { until: string } } }
  const look = (q: string, { ask } = reader) =>
    ask<Found>('GET', `/api/recipients?controllerId=${site.controllerId}&q=${q}`)
  const { n } = (
    await server.sql<{ n: number }[]>`select count(*)::int as n from parcels where state <> 'cancelled'`
  )[0]!
  // parcels of the tests before explain more of them
  await server.sql`update parcels set made_at = made_at - interval '2 hours'`
  expect(n).toBeGreaterThan(0)
  for (const q of ['aa', 'bb', 'cc', 'dd', 'ee']) expect((await look(q)).body.items).toHaveLength(5)
  const refused = await look('ff')
  expect(refused).toMatchObject({ status: 429, body: { error: { reason: 'seen-enough' } } })
  const inMs = Date.parse(refused.body.error.details.until) - server.ctx.now().getTime()
  expect(inMs / 60_000).toBeGreaterThan(59)
  expect(inMs / 60_000).toBeLessThanOrEqual(60)
  expect(JSON.stringify(refused.body)).not.toMatch(/R2\d/)
  expect((await look('aa')).status).toBe(200)
  expect((await look('ff', site.courier)).status).toBe(200)
  expect((await look('ff', site.caretaker)).status).toBe(200)
  const body = { controllerId: site.controllerId, flat: '12', size: 'S' }
  expect((await site.courier.ask('POST', '/api/parcels', body)).status).toBe(201)
  expect((await look('ff')).status).toBe(200)
})
