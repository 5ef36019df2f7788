import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
let ada: Site['courier']
let parcelId: string
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  const { memberNumber, pin } = site.resident
  ada = await server.signedIn({ memberNumber, pin })
})
afterAll(() => server.close())

const reason = 'asked at the counter'
const body = () => ({ controllerId: site.controllerId, flat: '12', size: 'S' })
beforeEach(async () => {
  const { sql } = server
  await sql`update controllers set online = true, grants_known = grants_made`
  await sql`update parcels set state = 'cancelled', joined_to = null, ended_at = now()`
  await sql`update grants set used_at = now()`
  await sql`update doors set offer = 'free', state = 'closed' where kind = 'compartment'`
  const made = await site.courier.ask<{ id: string }>('POST', '/api/parcels', body())
  parcelId = made.body.id
})

/** What the device had told before it went away; from `placing` on. */
type Before = 'nothing' | 'opened' | 'closed' | 'waiting' | 'expired' | 'taking' | 'took'
async function isAt(before: Before): Promise<void> {
  const step = ['nothing', 'opened', 'taking', 'took'].includes(before) ? before : 'closed'
  if (before === 'nothing' || before === 'opened' || before === 'closed') {
    await server.sql`update parcels set step = ${step} where id = ${parcelId}`
    return
  }
  await server.sql`update parcels set step = 'closed' where id = ${parcelId}`
  expect((await site.courier.ask('POST', `/api/parcels/${parcelId}/placed`)).status).toBe(200)
  if (before === 'waiting') return
  const now = before === 'expired' ? 'nothing' : before
  await server.sql`update parcels set state = 'expired', step = ${now} where id = ${parcelId}`
}

type Who = 'courier' | 'caretaker' | 'resident'
type Row = [
  what: string,
  who: Who,
  before: Before,
  path: string,
  sent: object | undefined,
  answer: number | string,
  state: string,
]

const rows: Row[] = [
  ['another deposit', 'courier', 'waiting', '/api/parcels', { flat: '12', size: 'S' }, 'not-reachable', 'waiting'],
  [
    'a second one into its box',
    'courier',
    'waiting',
    '/api/parcels',
    { flat: '12', size: 'S', join: true },
    'not-reachable',
    'waiting',
  ],
  ['"deposited", its door never heard of', 'courier', 'nothing', 'placed', undefined, 'not-heard', 'placing'],
  ['"deposited", its door last heard of open', 'courier', 'opened', 'placed', undefined, 'not-heard', 'placing'],
  ['"deposited", the door was shut before', 'courier', 'closed', 'placed', undefined, 200, 'waiting'],
  ['called off before anything opened', 'courier', 'nothing', 'cancel', undefined, 200, 'cancelled'],
  ['called off with the door open', 'courier', 'opened', 'cancel', undefined, 200, 'cancelled'],
  ['does not fit', 'courier', 'closed', 'swap', { size: 'L' }, 'not-reachable', 'placing'],
  ['to take back', 'courier', 'expired', 'take-back', undefined, 'not-reachable', 'expired'],
  ['"taken", its door last heard of open', 'courier', 'taking', 'taken', undefined, 'not-heard', 'expired'],
  ['"taken", the door was shut before', 'courier', 'took', 'taken', undefined, 200, 'returned'],
  ['"not there"', 'courier', 'taking', 'not-there', undefined, 200, 'contested'],
  [
    'opened for who stands at the counter',
    'caretaker',
    'waiting',
    'collect-for',
    { reason },
    'not-reachable',
    'waiting',
  ],
  ['its code read out', 'caretaker', 'waiting', 'code', { reason }, 200, 'waiting'],
  ['a new code', 'caretaker', 'waiting', 'new-code', { reason }, 200, 'waiting'],
  ['more time', 'resident', 'waiting', 'extend', {}, 200, 'waiting'],
  ['somebody else may collect', 'resident', 'waiting', 'delegate', { name: 'Léa' }, 201, 'waiting'],
  ['"the door did not open"', 'resident', 'waiting', 'alert', { kind: 'door-shut' }, 201, 'waiting'],
  ['"not mine"', 'resident', 'waiting', 'alert', { kind: 'not-mine' }, 201, 'contested'],
]

const counts = async () => {
  const [row] = await server.sql`
    select (select count(*)::int from history) as facts, (select count(*)::int from orders) as orders,
      (select count(*)::int from grants) as grants, (select count(*)::int from parcels) as parcels`
  return row!
}

test.each(rows)('the bank goes away, then %s: a clear answer, and nothing is lost', async (...row) => {
  const [, who, before, what, sent, answer, state] = row
  await isAt(before)
  await server.sql`update controllers set online = false`
  const was = await counts()
  const person = { courier: site.courier, caretaker: site.caretaker, resident: ada }[who]
  const path = what.startsWith('/') ? what : `/api/parcels/${parcelId}/${what}`
  const more = what.startsWith('/') ? { controllerId: site.controllerId } : {}
  const said = await person.ask<{ error?: { reason: string; message: string } }>(
    'POST',
    path,
    sent && { ...more, ...sent },
  )
  const refused = typeof answer === 'string'
  expect([said.status, said.body]).toMatchObject(
    refused ? [409, { error: { reason: answer, message: expect.stringMatching(/connected/) } }] : [answer, {}],
  )
  const [parcel] = await server.sql`select state from parcels where id = ${parcelId}`
  expect(parcel!.state).toBe(state)
  const is = await counts()
  if (refused) expect(is).toEqual(was)
  else expect(is.facts).toBeGreaterThan(was.facts)
  expect(is.orders).toBe(was.orders)
})

test('the bank is away: seen before anything is scanned, and the shelf takes what cannot wait', async () => {
  await server.sql`update controllers set online = false`
  const { siteId, controllerId } = site
  const seen = await site.courier.ask('GET', `/api/availability?controllerId=${controllerId}`)
  expect(seen.body).toMatchObject({ online: false })
  const shelf = { siteId, flat: '12', size: 'L', shelf: 'A3' }
  const shelved = await site.courier.ask<{ id: string }>('POST', '/api/shelf', shelf)
  expect(shelved).toMatchObject({ status: 201, body: { state: 'waiting' } })
  const handed = await site.caretaker.ask('POST', `/api/parcels/${shelved.body.id}/hand-over`, { to: 'resident' })
  expect(handed.body).toMatchObject({ state: 'collected' })
})

test('a flat that is not there: named as the field, wherever it is typed, and nothing is kept', async () => {
  const was = await counts()
  const { siteId, controllerId } = site
  for (const [path, more] of [
    ['/api/parcels', { controllerId }],
    ['/api/parcels', { controllerId, join: true }],
    ['/api/shelf', { siteId, shelf: 'A3' }],
  ] as const) {
    const answer = await site.courier.ask('POST', path, { ...more, flat: '999', size: 'S' })
    expect([path, answer.status, answer.body]).toMatchObject([
      path,
      404,
      { error: { reason: 'not-found', field: 'flat' } },
    ])
  }
  expect((await site.courier.ask('GET', `/api/recipients?controllerId=${controllerId}&q=999`)).body).toEqual({
    items: [],
  })
  expect(await counts()).toEqual(was)
})
