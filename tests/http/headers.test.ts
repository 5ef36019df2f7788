import { afterAll, beforeAll, expect, test } from 'vitest'
import { pagePaths } from '../../schema/api/pages.ts'
import { makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
})
afterAll(() => server.close())

test('nothing under /api may be kept by a cache, errors neither', async () => {
  const asked = [
    site.caretaker.ask('GET', `/api/doors?siteId=${site.siteId}`),
    site.caretaker.ask('GET', '/api/sessions/me'),
    server.ask('GET', '/api/sites'),
    server.ask('GET', '/api/nothing'),
    server.ask('POST', '/api/sessions', {}),
  ]
  for (const { headers } of await Promise.all(asked)) expect(headers.get('cache-control')).toBe('no-store')
})

/** Scripts and styles are our own files: nothing inline, nothing made from text, nothing from elsewhere. */
const policy = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
}
/** what one page alone may do more, and why */
const alsoAt: Record<string, Partial<typeof policy>> = {
  // reads labels in WebAssembly
  '/courier': { 'script-src': ["'self'", "'wasm-unsafe-eval'"] },
}

const policyIn = (header: string | null) =>
  Object.fromEntries(
    (header ?? '')
      .split(';')
      .map(each => each.trim().split(' '))
      .map(([name, ...of]) => [name, of]),
  )

test('every answer says what a browser may do with it: the whole policy, of every page', async () => {
  const files = [...(await (await fetch(server.url)).text()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(
    each => each[1]!,
  )
  expect(files.filter(path => path.endsWith('.js')).length).toBeGreaterThan(0)
  const answers = [
    '/api/sites',
    '/api/nothing',
    '/health',
    '/openapi.json',
    '/docs',
    '/docs/static/index.html',
    '/nothing',
  ]
  for (const path of [...answers, '/', ...pagePaths, ...files]) {
    const { headers } = await fetch(new URL(path, server.url))
    expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff'])
    expect([path, policyIn(headers.get('content-security-policy'))]).toEqual([path, { ...policy, ...alsoAt[path] }])
    expect([path, headers.get('referrer-policy')]).toEqual([path, 'no-referrer'])
    expect([path, headers.get('x-powered-by')]).toEqual([path, null])
  }
})

test('HEAD is GET without its body; another method is told which there are', async () => {
  const head = await site.caretaker.ask('HEAD', '/api/sites')
  expect(head).toMatchObject({ status: 200, body: '' })
  for (const [method, path, allow] of [
    ['PUT', '/api/sites', 'GET, HEAD, POST'],
    ['PATCH', `/api/parcels/${site.siteId}`, 'GET, HEAD'],
    ['GET', `/api/parcels/${site.siteId}/placed`, 'POST'],
    ['OPTIONS', '/api/me/parcels', 'GET, HEAD'],
    ['DELETE', '/openapi.json', 'GET, HEAD'],
  ] as const) {
    const answer = await site.caretaker.ask(method, path)
    expect([path, answer.status]).toEqual([path, 405])
    expect([path, answer.headers.get('allow')?.split(', ').sort().join(', ')]).toEqual([path, allow])
    expect(answer.body).toMatchObject({ error: { reason: 'wrong-method' } })
  }
  expect((await site.caretaker.ask('PUT', '/api/sitesX')).status).toBe(404)
})

test('a member that nothing would be done with is refused', async () => {
  const hour = (from: number) => new Date(Date.now() + from * 3_600_000).toISOString()
  const grant = { doorId: site.doorId(5), from: hour(0), until: hour(1), reason: 'x' }
  const account = { email: 'l2@example.org', name: 'L', role: 'landlord', password: 'a long one indeed' }
  const credentials = { email: 'bank-1@example.org', password: 'another long one' }
  for (const [path, body, field] of [
    ['/api/sessions', { ...credentials, otp: '123456' }, 'otp'],
    ['/api/sessions', { ...credentials, pin: '1234' }, 'pin'],
    ['/api/sessions', { memberNumber: '12345678' }, 'pin'],
    ['/api/sessions', { carrierCode: 'carrier-1' }, 'siteId'],
    ['/api/grants', { ...grant, means: 'badge' }, 'badge'],
    ['/api/grants', { ...grant, means: 'code', badge: '04a2b9c1' }, 'badge'],
    ['/api/grants', { ...grant, means: 'code', until: hour(-1), from: hour(-2) }, 'until'],
    ['/api/accounts', { ...account, siteIds: [site.siteId] }, 'siteIds'],
    ...(['Europe/Amiens', '+01:00', 'CET', 'utc'] as const).map(
      timeZone => ['/api/sites', { name: 'Lyon', timeZone }, 'timeZone'] as const,
    ),
  ] as const)
    expect([path, field, (await site.admin.ask('POST', path, body)).body]).toMatchObject([
      path,
      field,
      { error: { field } },
    ])
})

test('marks that nobody sees are taken out of what is sent, names are one line, and too long a name is refused', async () => {
  const { siteId, caretaker } = site
  const named = (name: string, flat = '31') =>
    caretaker.ask('POST', `/api/residents/${site.resident.id}/change`, { name, flat, needsLowDoor: false })
  const kept = async (name: string) => {
    await named(name)
    return (await server.sql`select name from residents where id = ${site.resident.id}`)[0]!.name
  }
  for (const [sent, expected] of [
    ['Ana\u202Egnp.exe', 'Anagnp.exe'],
    ['\u2067Ana\u2069\u200F\u061C', 'Ana'],
    ['An\u200Ba\uFEFF\u00AD', 'Ana'],
    ['Ana\nBo\r\nX-Header: 1\u0007\u0085\u2028', 'Ana Bo X-Header: 1'],
    ['نامه\u200Cای', 'نامه\u200Cای'],
    ['<b>Ana</b>', '<b>Ana</b>'],
  ] as const)
    expect([sent, await kept(sent)]).toEqual([sent, expected])
  expect((await named('\u202E \u200B')).body).toMatchObject({ error: { reason: 'invalid', field: 'name' } })
  expect((await named('W'.repeat(300))).body).toMatchObject({ error: { reason: 'invalid', field: 'name' } })
  expect((await named('Bo', '3'.repeat(300))).body).toMatchObject({ error: { field: 'flat' } })
  expect((await named(`${'W'.repeat(200)}\u202C`)).status).toBe(200)
  expect((await named('Ada', '12')).status).toBe(200)
  const carrier = (await caretaker.ask<{ id: string }>('POST', '/api/carriers', { siteId, name: 'Vite\u202E' })).body.id
  expect((await server.sql`select name from carriers where id = ${carrier}`)[0]).toEqual({ name: 'Vite' })
  const reason = 'first\nsecond\u202E\u0007'
  await caretaker.ask('POST', '/api/residents/export', { siteId, reason })
  expect(await server.sql`select 1 from notes where text = ${'first\nsecond '}`).toHaveLength(1)
  const account = { email: 'marks@example.org', password: 'a long one \u202E indeed', name: 'L', role: 'landlord' }
  expect((await site.admin.ask('POST', '/api/accounts', account)).status).toBe(201)
  const { email, password } = account
  expect((await server.ask('POST', '/api/sessions', { email, password })).status).toBe(201)
  const other = { email, password: 'a long one  indeed' }
  expect((await server.ask('POST', '/api/sessions', other)).status).toBe(401)
})

test('a parcel keeps the carrier it was brought by', async () => {
  const body = { controllerId: site.controllerId, flat: '12', size: 'S' }
  const named = await site.caretaker.ask<{ id: string }>('POST', '/api/parcels', { ...body, carrier: 'Chronopost' })
  const signedIn = await site.courier.ask<{ id: string }>('POST', '/api/parcels', body)
  for (const [{ id }, carrier] of [
    [named.body, 'Chronopost'],
    [signedIn.body, 'Poste'],
  ] as const)
    expect((await site.caretaker.ask('GET', `/api/parcels/${id}`)).body).toMatchObject({ carrier })
})

test('each page has an address that is answered with it, as small as the browser takes it', async () => {
  for (const path of ['/', ...pagePaths]) {
    const sizes: Record<string, number> = {}
    for (const encoding of ['identity', 'gzip', 'br']) {
      const answer = await fetch(new URL(path, server.url), { headers: { 'accept-encoding': encoding } })
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8'])
      expect(answer.headers.get('content-encoding') ?? 'identity').toBe(encoding)
      expect(await answer.text()).toContain('<div id="app">')
      sizes[encoding] = Number(answer.headers.get('content-length'))
    }
    expect(sizes.br).toBeLessThan(sizes.identity!)
  }
})
