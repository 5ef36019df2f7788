import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../firmware-sim/scenarios.ts'
import { may } from '../../schema/api/roles.ts'
import type { Role } from '../../schema/api/shared.ts'
import { brokenAt } from '../../server/store/chain.ts'
import type { Shape } from '../http/bad-values.ts'
import { type Contract, operationsOf } from '../http/contract-check.ts'
import { makeSite } from '../support/api.ts'
import { type Answer, exchange } from '../support/exchange.ts'
import { connectDevice, newDevice } from '../support/raw-device.ts'
import { startHostileServer } from './hostile-server.ts'
import { bytesOf, type Draft, goodBody, goodValue, mutate } from './http-requests.ts'
import { healthyBank, sessionsOf } from './http-site.ts'
import { below, pick, type Random } from './mutate.ts'

/** HOSTILE_SEED=… plays another one, or again the one that was printed. */
const seed = Number(process.env.HOSTILE_SEED ?? 20_261_125)
const requests = 5_000
const lanes = 8
/** of the first lane: so many hostile requests of all lanes, about eight times as many, between two deposits */
const between = 16
const doors = 60
/** what nobody may find in a refusal or in the log */
const secrets = {
  password: 'never-to-be-shown-1',
  newPassword: 'never-to-be-shown-4',
  otp: 'shown-never',
  pin: '7351926408',
  carrierCode: 'never-to-be-shown-2',
  code: 'never-to-be-shown-3',
}

let server: Awaited<ReturnType<typeof startHostileServer>>
let home: Awaited<ReturnType<typeof makeSite>>
let bank: Awaited<ReturnType<typeof healthyBank>>
let port = 0
type Route = { method: string; path: string; roles: readonly Role[]; body: Shape | undefined }
let routes: (Route & { query: [string, Shape][]; costly: boolean })[]
let tokens: Record<Role, string[]>
let leaving: Record<Role, string[]>
let known: Record<string, unknown>
let idsByPath: [prefix: string, ids: string[]][]
const closers: (() => void)[] = []

beforeAll(async () => {
  server = await startHostileServer()
  port = Number(new URL(server.url).port)
  home = await makeSite(server.url, { controllerId: 'healthy', doors })
  bank = await healthyBank(home, { controllerId: 'healthy', port: server.mqttPort, doors })
  const other = await makeSite(server.url, { controllerId: 'hostile', doors: 200, carrierCode: 'ANOTHER-2026' })
  const device = await connectDevice(newDevice('hostile'), {
    port: server.mqttPort,
    password: other.password,
    doors: 200,
  })
  closers.push(bank.leave, () => device.link.destroy())
  const { siteId, landlord } = other
  tokens = await sessionsOf(server.sql, siteId, 1)
  leaving = await sessionsOf(server.sql, siteId, 50)

  const contract = (await (await fetch(`${server.url}/openapi.json`)).json()) as Contract
  // one that is sent whole would sign out all of its role, and the rest of the lane would be refused at the door
  const asked = [...operationsOf(contract)].filter(([route]) => !route.endsWith('/end-others'))
  routes = asked.map(([route, { parameters = [], requestBody, 'x-roles': roles = everybody }]) => {
    const [method = '', path = ''] = route.split(' ')
    const query = parameters
      .filter(each => each.in === 'query')
      .map(each => [each.name, each.schema] as [string, Shape])
    const body = requestBody?.content['application/json']?.schema as Shape | undefined
    // a hash for each, made to be slow
    const costly = /POST \/api\/(sessions|setup|accounts|residents|carriers)$/.test(route)
    return { method, path, roles, body, query, costly }
  })
  const rows = async (table: string) =>
    (
      await server.sql<{ id: string }[]>`select id from ${server.sql(table)} where controller_id = 'hostile' limit 60`
    ).map(row => row.id)
  const made = await Promise.all(
    Array.from({ length: 12 }, () =>
      landlord('POST', '/api/parcels', { controllerId: 'hostile', residentId: other.resident.id, size: 'S' }),
    ),
  )
  for (const { body } of made) seen.orders.add(String(body.orderId))
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  const doorIds = await rows('doors')
  const audit = await landlord('POST', '/api/audits', { controllerId: 'hostile', reason: 'a look' })
  const notices = await server.sql<{ id: string }[]>`select id from notices limit 60`
  idsByPath = [
    ['/api/doors/', doorIds],
    ['/api/parcels/', made.map(({ body }) => String(body.id))],
    ['/api/orders/', await rows('orders')],
    ['/api/grants/', await rows('grants')],
    ['/api/controllers/', ['hostile', 'spare-1', 'spare-2']],
    ['/api/residents/', [String(other.resident.id)]],
    ['/api/sites/', [siteId]],
    ['/api/audits/', [String(audit.body.id)]],
    ['/api/notices/', notices.map(({ id }) => id)],
    ['/api/receipts/', made.map(({ body }) => String(body.receipt))],
  ]
  known = {
    ...secrets,
    ...{ siteId, siteIds: [[siteId]], doorId: doorIds, residentId: other.resident.id, flat: '12', reason: 'because' },
    ...{ controllerId: 'hostile', parcelId: made.map(({ body }) => body.id), name: 'A name', carrier: 'Poste' },
    ...{ email: 'nobody@example.org', memberNumber: '12345678', from: at(0), until: at(3_600_000), badge: '04a2b9c1' },
    ...{ token: 'x'.repeat(43), forMs: 3_600_000, found: 'empty', size: 'S', q: 'Jeanne' },
  }
})
afterAll(async () => {
  for (const close of closers) close()
  await server?.close()
})

const everybody: readonly Role[] = may.signedIn
const people = [...everybody, 'nobody'] as const

function draftOf(random: Random): Draft {
  let route = pick(random, routes)
  if (route.costly && random() < 0.8) route = pick(random, routes)
  const { method, path, roles, body, query } = route
  const ids = idsByPath.find(([prefix, some]) => path.startsWith(prefix) && some.length > 0)?.[1] ?? ['x']
  // the bank itself stays in service
  const id = /controllers.+(retire|credentials)/.test(path)
    ? 'spare-1'
    : (pick(random, random() < 0.9 ? ids : pick(random, idsByPath)[1].slice(1)) ?? 'x')
  const role = pick<(typeof people)[number]>(random, random() < 0.8 ? roles : people)
  const session = path.endsWith('sessions/me') ? leaving : tokens
  const asked = query.filter(([name]) => name in known && random() < 0.5)
  const values = asked.map(([name, shape]) => [name, String(goodValue(name, shape, { known, random }))])
  return {
    method,
    path: path.replace(/\{\w+\}/, id),
    query: new URLSearchParams(values).toString(),
    headers: [
      ['host', `127.0.0.1:${port}`],
      ['connection', 'close'],
      // how often one may ask is counted by address
      ['x-forwarded-for', `10.${below(random, 200)}.${below(random, 256)}.1`],
      ...(role === 'nobody' ? [] : [['authorization', `Bearer ${pick(random, session[role])}`] as [string, string]]),
      ...(method === 'POST' ? [['content-type', 'application/json'] as [string, string]] : []),
    ],
    body: body ? Buffer.from(JSON.stringify({ ...goodBody(body, known, random) })) : undefined,
    behind: Buffer.alloc(0),
    share: 1,
  }
}

const inside = /\bat \S+ \(|\.[jt]s:\d+|node_modules|PostgresError|postgres\.js|"stack"|\/server\/|file:\/\//
const seen = {
  sent: 0,
  unanswered: 0,
  statuses: new Map<number, number>(),
  reasons: new Map<string, number>(),
  orders: new Set<string>(),
}
const problems: string[] = []
const count = <Key>(map: Map<Key, number>, key: Key) => map.set(key, (map.get(key) ?? 0) + 1)

function judge(about: string, { status, headers, body }: Answer, head: boolean): void {
  count(seen.statuses, status)
  const problem = (what: string) => problems.push(`${what}: ${about} → ${status} ${body.slice(0, 300)}`)
  const isJson = headers['content-type']?.includes('json') ?? false
  const parsed = isJson && body ? JSON.parse(body) : undefined
  if (parsed?.orderId) seen.orders.add(parsed.orderId)
  if (status >= 500) problem('a fault of ours')
  if (status < 400 || head) return
  const { reason, message, field } = parsed?.error ?? {}
  if (typeof reason !== 'string' || typeof message !== 'string' || !message) problem('not in the form of errors')
  else count(seen.reasons, reason)
  if (['invalid', 'not-json', 'too-large', 'wrong-type', 'headers-too-large'].includes(reason) && !field)
    problem('names no field')
  if (inside.test(body)) problem('shows our inside')
  if (Object.values(secrets).some(secret => body.includes(secret))) problem('shows a secret')
}

async function sendOne(random: Random): Promise<void> {
  const draft = mutate(draftOf(random), random)
  const lengths = draft.headers.some(([name]) => name === 'content-length' || name === 'transfer-encoding')
  const end = draft.share < 1 || draft.behind.length > 0 || lengths
  // without its answer an order would be nobody's
  const headers = draft.headers.filter(([name]) => !end || name !== 'authorization')
  const bytes = bytesOf({ ...draft, headers })
  const about = `HOSTILE_SEED=${seed} ${bytes.toString().slice(0, 300)}`
  const head = draft.method === 'HEAD'
  const { answers, hung } = await exchange(port, { bytes, head, end })
  if (hung) problems.push(`never closed: ${about}`)
  seen.sent += 1
  if (answers.length === 0) seen.unanswered += 1
  if (answers.length === 0 && !end) problems.push(`no answer: ${about}`)
  for (const answer of answers) {
    judge(about, answer, head)
    const text = JSON.stringify(answer)
    if ([home.password, home.codeKey, String(home.resident.pin)].some(secret => text.includes(secret)))
      problems.push(`tells a stranger: ${about}`)
  }
}

/** Every lane has numbers of its own, so that the same seed sends the same whatever overtakes what. */
async function attack(phase: number, total: number): Promise<number[]> {
  const waits: number[] = []
  const work = Array.from({ length: lanes }, async (_, lane) => {
    const random = seededRandom(seed + phase * lanes + lane)
    for (let n = 0; n < total / lanes; n++) {
      if (lane === 0 && n % between === 0) waits.push(await bank.deposit())
      await sendOne(random)
    }
  })
  await Promise.all(work)
  return waits
}

async function loopDelayMs(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return 1_000 * Number(/delay_seconds\{quantile="max"\} (\S+)/.exec(text)?.[1])
}

test(`${requests} requests, mutated from seed ${seed}`, { timeout: 240_000 }, async () => {
  const begun = Date.now()
  // what is made once, pools and compiled code, is made in here
  await attack(0, requests / 10)
  const before = await server.heap()
  await loopDelayMs()
  const waits = await attack(1, (requests * 9) / 10)
  const blocked = await loopDelayMs()
  await bank.deposit()
  const after = await server.heap()
  waits.sort((a, b) => a - b)
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1)
  console.log(
    `HOSTILE_SEED=${seed}: ${Date.now() - begun} ms, heap ${mib(before)} → ${mib(after)} MiB, event loop late by ${blocked.toFixed(0)} ms at most`,
  )
  console.log(
    `${waits.length} deposits meanwhile, p50 ${waits[waits.length >> 1]!.toFixed(0)} ms, longest ${waits.at(-1)!.toFixed(0)} ms`,
  )
  console.log(
    `${seen.unanswered} of ${seen.sent} unanswered;`,
    Object.fromEntries(seen.statuses),
    Object.fromEntries(seen.reasons),
  )

  expect(problems.slice(0, 20)).toEqual([])
  expect(server.isUp()).toBe(true)
  expect(after - before).toBeLessThan(8 * 2 ** 20)
  expect(blocked).toBeLessThan(1_000)
  const lines = server.log().trim().split('\n').filter(Boolean)
  // an address that a request left is written to, and nothing is set up for that here
  const warnings = lines.map(line => JSON.parse(line)).filter(({ level }) => level > 30)
  expect(warnings.filter(({ problem }) => problem !== 'not configured')).toEqual([])
  for (const secret of Object.values(secrets)) expect(server.log()).not.toContain(secret)
  await nothingElseHappened()
})

/** No order but those that a person was told of, the healthy bank's all its own; both chains whole. */
async function nothingElseHappened(): Promise<void> {
  const rows = await server.sql<{ id: string; controllerId: string }[]>`select id, controller_id from orders`
  const healthy = rows.filter(row => row.controllerId === 'healthy').map(row => row.id)
  expect(healthy.sort()).toEqual([...bank.orders].sort())
  const others = rows.filter(row => row.controllerId !== 'healthy' && !seen.orders.has(row.id))
  expect(others).toEqual([])
  const sites = await server.sql<{ id: string }[]>`select id from sites`
  for (const { id } of sites) expect([id, await brokenAt(server.sql, id)]).toEqual([id, null])
}
