import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Sample, sampleRoutes } from './routes.ts'
import { makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

type Person = Site['courier']
type Request = { path: string; body?: object | undefined; key: string; from: string }

let server: Server
let site: Site
let resident: Person
let samples: Record<string, Sample>
let asks = 0
let last: Record<string, string | null> | undefined

beforeAll(async () => {
  server = await startForTests({ trustProxy: true })
  site = await makeSite(server)
  const { memberNumber, pin } = site.resident
  resident = await server.signedIn({ memberNumber, pin })
  samples = await sampleRoutes(server, site)
})
afterAll(() => server.close())

/** All that is kept, but for the keys themselves. */
async function everything(): Promise<Record<string, string | null>> {
  const tables = await server.sql<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('idempotency', 'sessions', 'attempts')
    order by table_name`
  expect(tables.length).toBeGreaterThan(12)
  const kept = tables.map(async ({ name }) => {
    const [row] =
      await server.sql`select md5(string_agg(t::text, '|' order by t::text)) as sum from ${server.sql(name)} t`
    return [name, row!.sum as string | null]
  })
  return Object.fromEntries(await Promise.all(kept))
}

/** The request arrives and is done, and whoever asked is gone before the answer. */
async function loseAnswer({ token }: Person, { path, body, key, from }: Request): Promise<void> {
  const text = JSON.stringify(body ?? {})
  const { hostname, port, host } = new URL(server.url)
  const head = [
    ...[`POST ${path} HTTP/1.1`, `host: ${host}`, `authorization: Bearer ${token}`, `idempotency-key: ${key}`],
    ...['content-type: application/json', `content-length: ${Buffer.byteLength(text)}`, `x-forwarded-for: ${from}`],
  ]
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(`${head.join('\r\n')}\r\n\r\n${text}`)
  // the key is committed with what it did
  const isDone = async () => (await server.sql`select 1 from idempotency where key = ${key}`).length > 0
  await eventually(isDone, { withinMs: 20_000 }).catch(() => expect.fail(`nothing is kept under the key of ${path}`))
  socket.destroy()
}

async function repeated(person: Person, route: string, { params = {}, body }: Sample) {
  asks += 1
  const path = route.slice('POST '.length).replace(/\{(\w+)\}/g, (_, name) => params[name] ?? '')
  const request = { path, body, key: `lost-${asks}`, from: `10.1.${asks >> 8}.${asks & 255}` }
  const before = last ?? (await everything())
  await loseAnswer(person, request)
  const done = await everything()
  last = done
  const told = server.devices.length
  const again = () =>
    person.ask<{ error?: { reason: string } }>('POST', path, body ?? {}, {
      ...{ 'idempotency-key': request.key, 'x-forwarded-for': request.from },
    })
  const answers = await Promise.all([again(), again(), again()])
  expect([route, await everything()], 'a repeat changed something').toEqual([route, done])
  expect([route, server.devices.length], 'a device was told twice').toEqual([route, told])
  expect([route, new Set(answers.map(each => JSON.stringify([each.status, each.body]))).size]).toEqual([route, 1])
  return { changed: JSON.stringify(done) !== JSON.stringify(before), answer: answers[0]! }
}

/** What is a secret is told once. */
const shownOnce = [
  'POST /api/controllers',
  'POST /api/controllers/{id}/credentials',
  'POST /api/residents',
  'POST /api/residents/{id}/pin',
  'POST /api/carriers/{id}/code',
]

/** A look at a file; what ends sessions only, which are not looked at here, as each use of one is kept there. */
const changesNothing = ['POST /api/residents/preview', 'POST /api/account/sessions/end-others']

test('every POST of somebody signed in: the answer lost, then the same again, three times at once: done once, told the same', {
  timeout: 120_000,
}, async () => {
  // what is refused there did nothing that could be doubled
  const isDone = ({ roles, refused }: Sample) => roles !== undefined && refused === undefined
  const posts = Object.entries(samples).filter(([route, sample]) => route.startsWith('POST') && isDone(sample))
  expect(posts.length).toBeGreaterThan(30)
  for (const [route, sample] of posts) {
    const person = sample.roles!.includes('landlord') ? site.admin : resident
    const { changed, answer } = await repeated(person, route, sample)
    const expected = shownOnce.includes(route) ? 409 : (sample.status ?? 200)
    expect([route, answer.status, answer.body]).toEqual([route, expected, answer.body])
    if (expected === 409) expect(answer.body.error).toMatchObject({ reason: 'already-shown' })
    expect([route, changed]).toEqual([route, !changesNothing.includes(route)])
  }
})

test('a courier who never hears an answer the first time: two parcels of a household, one box, one code', async () => {
  last = undefined
  const { courier, controllerId, siteId } = await makeSite(server, 'bank-deaf')
  const parcel = { controllerId, flat: '12', size: 'S' }
  type Made = { id: string; receipt: string; doorId: string; state: string }
  const does = async (path: string, body?: object) =>
    (await repeated(courier, `POST ${path}`, body ? { body: body as Record<string, unknown> } : {})).answer
      .body as unknown as Made
  const isShut = () => server.sql`update parcels set step = 'closed' where state = 'placing'`
  const first = await does('/api/parcels', parcel)
  await isShut()
  last = undefined
  expect(await does(`/api/parcels/${first.id}/placed`)).toMatchObject({ state: 'waiting', receipt: first.receipt })
  const second = await does('/api/parcels', { ...parcel, join: true })
  await isShut()
  last = undefined
  expect(await does(`/api/parcels/${second.id}/placed`)).toMatchObject({ state: 'waiting', doorId: first.doorId })
  const shelved = await does('/api/shelf', { siteId, flat: '12', size: 'XL', shelf: 'B1' })
  const third = await does('/api/parcels', parcel)
  const fourth = await does(`/api/parcels/${third.id}/swap`, { size: 'S', found: 'something' })
  expect(await does(`/api/parcels/${fourth.id}/cancel`)).toMatchObject({ state: 'cancelled' })
  const kept = await server.sql`
    select id, state, door_id, count(*) over (partition by pickup_grant_id)::int as with_it from parcels
    where site_id = ${siteId} order by made_at`
  expect([...kept]).toEqual([
    { id: first.id, state: 'waiting', doorId: first.doorId, withIt: 2 },
    { id: second.id, state: 'waiting', doorId: first.doorId, withIt: 2 },
    { id: shelved.id, state: 'waiting', doorId: null, withIt: expect.any(Number) },
    { id: third.id, state: 'cancelled', doorId: fourth.doorId, withIt: expect.any(Number) },
  ])
})
