import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../../schema/api/shared.ts'
import { badValues, missing, type Shape } from './bad-values.ts'
import { type Contract, operationsOf } from './contract-check.ts'
import { type Sample, sampleRoutes } from './routes.ts'
import { type Answer, type Ask, makeSite, type Server, startForTests } from './server-for-tests.ts'

type Failure = { error: { reason: string; message: string; field?: string } }

let server: Server
let contract: Contract
let samples: Record<string, Sample>
let people: Record<Role, Ask>
let asks = 0
const nobody = '00000000-0000-7000-8000-000000000000'

beforeAll(async () => {
  server = await startForTests({ trustProxy: true })
  const site = await makeSite(server)
  const { memberNumber, pin } = site.resident
  const resident = await server.signedIn({ memberNumber, pin })
  people = {
    landlord: site.admin.ask,
    caretaker: site.caretaker.ask,
    volunteer: (await server.worker('volunteer', [site.siteId])).ask,
    technician: (await server.worker('technician', [site.siteId])).ask,
    courier: site.courier.ask,
    resident: resident.ask,
  }
  samples = await sampleRoutes(server, site)
  contract = (await server.ask<Contract>('GET', '/openapi.json')).body
})
afterAll(() => server.close())

type Part = 'params' | 'query' | 'body'
const routes = () => Object.entries(samples)
/** Somebody who may, and to whom the other site does not exist. */
const personFor = ({ roles }: Sample): Ask =>
  roles
    ? people[
        (['technician', 'volunteer', 'caretaker', 'courier', 'resident', 'landlord'] as const).find(role =>
          roles.includes(role),
        )!
      ]
    : server.ask

const placed = (sample: Sample, part: Part, name: string, value: unknown): Sample => {
  const { [name]: _, ...rest } = { ...(sample[part] as Record<string, unknown> | undefined) }
  return { ...sample, [part]: value === missing ? rest : { ...rest, [name]: value } }
}

function call(ask: Ask, route: string, { params = {}, query = {}, body }: Sample, headers: object = {}) {
  const [method, template] = route.split(' ') as [string, string]
  const path = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? ''))
  const asked = new URLSearchParams(query).toString()
  // each from an address of its own: how often one may ask is counted by address
  asks += 1
  const from = { 'x-forwarded-for': `10.0.${asks >> 8}.${asks & 255}` }
  return ask<Failure>(method, asked ? `${path}?${asked}` : path, body, { ...from, ...headers })
}

type Member = { part: Part; name: string; shape: Shape; required: boolean }

function membersOf(route: string): Member[] {
  const operation = operationsOf(contract).get(route)!
  const body = operation.requestBody?.content['application/json']?.schema as Shape | undefined
  const outer = (operation.parameters ?? []).filter(each => each.in !== 'header')
  return [
    ...outer.map(({ in: place, name, required = false, schema }) => ({
      ...{ part: place === 'path' ? ('params' as const) : ('query' as const), name, shape: schema as Shape, required },
    })),
    ...Object.entries(body?.properties ?? {}).map(([name, shape]) => ({
      ...{ part: 'body' as const, name, shape, required: body?.required?.includes(name) ?? false },
    })),
  ]
}

/** A 4xx in the one form of errors, which names the field and nothing of our inside. */
function judge(what: string, answer: Answer<Failure>, field: string | undefined, problems: string[]): void {
  const { error } = answer.body
  const text = JSON.stringify(answer.body)
  if (answer.status < 400 || answer.status >= 500) problems.push(`${what}: ${answer.status} ${text}`)
  else if (!error?.reason || !error.message) problems.push(`${what}: not in the form of errors: ${text}`)
  else if (field !== undefined && error.field !== field) problems.push(`${what}: names ${error.field}, not ${field}`)
  if (/\bat .+\.ts|node_modules|PostgresError|stack/.test(text)) problems.push(`${what}: shows our inside: ${text}`)
}

test('the table holds every route of the contract, with the roles it says', () => {
  expect(Object.keys(samples).sort()).toEqual([...operationsOf(contract).keys()].sort())
  for (const [route, operation] of operationsOf(contract)) {
    expect([route, operation['x-roles']?.toSorted()]).toEqual([route, samples[route]!.roles?.toSorted()])
  }
})

test('the contract is valid OpenAPI 3.1 and describes an answer and the errors of every route', async () => {
  expect(await new Validator().validate(structuredClone(contract) as never)).toMatchObject({ valid: true })
  for (const [route, { responses }] of operationsOf(contract)) {
    const codes = Object.keys(responses)
    expect([route, codes]).toEqual([route, expect.arrayContaining([String(samples[route]!.status ?? 200)])])
    if (route.includes('/api/')) expect([route, codes]).toEqual([route, expect.arrayContaining(['4XX', '5XX'])])
  }
})

test('every member of every route refuses bad values and names itself', { timeout: 240_000 }, async () => {
  const problems: string[] = []
  let count = 0
  for (const [route, sample] of routes())
    for (const { part, name, shape, required } of membersOf(route)) {
      const inBody = part === 'body'
      const bad = badValues(shape, name, inBody)
      if (required && part !== 'params') bad.push({ what: 'missing', field: name, value: missing })
      for (const { what, field, value } of bad) {
        // an empty part of a path is another path
        if (part === 'params' && String(value).trim() === '') continue
        const answer = await call(personFor(sample), route, placed(sample, part, name, value))
        judge(`${route} ${part}.${field} ${what}`, answer, field, problems)
        count += 1
      }
    }
  expect(problems).toEqual([])
  expect(count).toBeGreaterThan(400)
  expect(server.errors).toEqual([])
})

test('what names something unknown or of another site finds nothing', { timeout: 120_000 }, async () => {
  const problems: string[] = []
  for (const [route, sample] of routes()) {
    const named = membersOf(route).filter(({ name, shape }) => /^id$|Id$/.test(name) && shape.type === 'string')
    for (const { part, name } of named) {
      const { foreign = {}, choose = {} } = sample
      if (route === 'POST /api/sessions' || (name === 'id' && part === 'body')) continue
      const strange = foreign[name] ?? choose[name]
      if (strange === undefined) problems.push(`${route} ${name}: no foreign one in the table`)
      const unknown = strange?.startsWith('bank') ? 'bank-unknown' : nobody
      for (const value of [strange, unknown]) {
        const answer = await call(personFor(sample), route, placed(sample, part, name, value))
        if (!(name in choose)) judge(`${route} ${part}.${name} ${value}`, answer, name, problems)
        else expect([route, name, answer.body]).toEqual([route, name, { items: [], next: null }])
      }
    }
  }
  expect(problems).toEqual([])
})

test('a body that is not JSON, of another type, too large or with unknown members', { timeout: 120_000 }, async () => {
  const problems: string[] = []
  for (const [route, sample] of routes()) {
    if (!sample.body) continue
    const ask = personFor(sample)
    const { body: _, ...bare } = sample
    judge(`${route} no body`, await call(ask, route, bare), undefined, problems)
    judge(`${route} list`, await call(ask, route, { ...bare, body: [] as never }), undefined, problems)
    const extra = await call(ask, route, placed(sample, 'body', 'unexpected', 1))
    judge(`${route} unknown member`, extra, 'unexpected', problems)
    const huge = await call(ask, route, { ...bare, body: { reason: 'x'.repeat(sample.mostBytes ?? 300_000) } })
    judge(`${route} huge`, huge, 'body', problems)
    expect([route, huge.status]).toEqual([route, 413])
    const text = await call(ask, route, sample, { 'content-type': 'text/plain' })
    judge(`${route} text`, text, 'content-type', problems)
    expect([route, text.status]).toEqual([route, 415])
    const half = await call(ask, route, { ...bare, body: '{"reason":' as never })
    judge(`${route} half`, half, 'body', problems)
  }
  const deep = `{"reason":${'['.repeat(100_000)}${']'.repeat(100_000)}}` as never
  for (const route of ['POST /api/sessions', 'POST /api/parcels/{id}/placed', 'POST /api/doors/{id}/open']) {
    const sample = samples[route]!
    judge(`${route} deep`, await call(personFor(sample), route, { ...sample, body: deep }), 'reason', problems)
  }
  for (const [route, sample] of routes().filter(([route]) => /^GET .*(doors|history|residents)$/.test(route)))
    judge(
      `${route} query`,
      await call(personFor(sample), route, placed(sample, 'query', 'unexpected', 1)),
      'unexpected',
      problems,
    )
  const cursor = placed(samples['GET /api/history']!, 'query', 'cursor', 'nowhere')
  judge('bad cursor', await call(people.caretaker, 'GET /api/history', cursor), 'cursor', problems)
  for (const day of ['2026-02-31T00:00Z', '2026-13-01T00:00Z', '2026-01-01T25:00Z', '0000-01-01T00:00Z'])
    for (const [route, part, name] of [
      ['GET /api/history', 'query', 'from'],
      ['POST /api/grants', 'body', 'until'],
    ] as const)
      judge(
        `${route} ${day}`,
        await call(people.caretaker, route, placed(samples[route]!, part, name, day)),
        name,
        problems,
      )
  expect(problems).toEqual([])
  expect(server.errors).toEqual([])
})

test('nobody signed in is 401, a role that may not is 403, and a POST has a sound key', {
  timeout: 120_000,
}, async () => {
  const problems: string[] = []
  const outsider = (token: string) => ({ authorization: `Bearer ${token}` })
  for (const [route, sample] of routes().filter(([, { roles }]) => roles)) {
    for (const headers of [{}, outsider('x'.repeat(43)), { cookie: 'doors=nonsense' }])
      if ((await call(server.ask, route, sample, headers)).status !== 401) problems.push(`${route}: not 401`)
    for (const [role, ask] of Object.entries(people))
      if (!sample.roles!.includes(role as Role) && (await call(ask, route, sample)).status !== 403)
        problems.push(`${route}: ${role} is not refused`)
    if (!route.startsWith('POST')) continue
    const key = await call(personFor(sample), route, sample, { 'idempotency-key': 'not a key' })
    judge(`${route} key`, key, 'idempotency-key', problems)
  }
  expect(problems).toEqual([])
})

test('every route answers a good request as its contract says', { timeout: 120_000 }, async () => {
  for (const [route, sample] of routes()) {
    const role = (['landlord', 'resident'] as const).find(each => sample.roles?.includes(each))
    const answer = await call(role ? people[role] : server.ask, route, sample)
    // the answer's shape is compared by `ask` itself
    const { status = 200, refused = status } = sample
    expect([route, answer.status, answer.body]).toEqual([route, refused, answer.body])
  }
})
