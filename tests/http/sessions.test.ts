import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { originCheck } from '../../server/http/permission.ts'
import { landlord, makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
})
afterAll(() => server.close())

test('the first landlord comes from the settings; the cookie cannot be read by scripts', async () => {
  const answer = await server.ask<{ role: string; token: string }>('POST', '/api/sessions', landlord)
  expect(answer.status).toBe(201)
  expect(answer.body.role).toBe('landlord')
  const cookie = answer.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/HttpOnly/i)
  expect(cookie).toMatch(/SameSite=Lax/i)
  const [kept] =
    await server.sql`select count(*)::int as n from sessions where encode(token_hash, 'escape') = ${answer.body.token}`
  expect(kept?.n).toBe(0)
})

test('every role signs in its own way', async () => {
  const { memberNumber, pin } = site.resident
  const resident = await server.ask('POST', '/api/sessions', { memberNumber, pin })
  expect(resident.body).toMatchObject({ role: 'resident', actorId: site.resident.id })
  const me = await site.courier.ask('GET', '/api/sessions/me')
  expect(me.body).toMatchObject({ role: 'courier', siteIds: [site.siteId] })
  const caretaker = await site.caretaker.ask('GET', '/api/sessions/me')
  expect(caretaker.body).toMatchObject({ role: 'caretaker', siteIds: [site.siteId] })
  const told = await server.ask('POST', '/api/sessions', { email: 'bank-1@example.org', password: 'another long one' })
  expect(told.body).toMatchObject({ role: 'caretaker', siteIds: [site.siteId] })
  // the address of an account is told to itself
  expect(caretaker.body).toMatchObject({ email: 'bank-1@example.org' })
  expect(me.body).toMatchObject({ email: null })
})

const publicUrl = 'https://doors.example/start'
test.each([
  ['https://doors.example', true],
  ['http://127.0.0.1:8080', true],
  ['http://doors.example', false],
  ['https://doors.example:444', false],
  ['http://127.0.0.1:8081', false],
  ['http://127.0.0.1', false],
  ['https://evil.doors.example', false],
  ['https://doors.example.evil.test', false],
  ['null', false],
  ['', false],
])('a page of %s is one of ours: %s', (origin, isOurs) => {
  const check = originCheck(publicUrl)
  expect(check({ headers: { origin, host: '127.0.0.1:8080' } } as IncomingMessage)).toBe(isOurs)
})

test('behind HTTPS the cookie goes over HTTPS only', async () => {
  expect((await server.ask('POST', '/api/sessions', landlord)).headers.get('set-cookie')).not.toMatch(/Secure/i)
  const behind = await startForTests({ publicUrl })
  try {
    const { headers } = await behind.ask('POST', '/api/sessions', landlord)
    expect(headers.get('set-cookie')).toMatch(/; Secure/i)
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/)
  } finally {
    await behind.close()
  }
})

test('a change asked with the cookie from another page is refused', async () => {
  const signedIn = await server.ask('POST', '/api/sessions', landlord)
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0]!
  const foreign = await server.ask('POST', '/api/sites', { name: 'Evil' }, { cookie, origin: 'https://evil.example' })
  expect(foreign).toMatchObject({ status: 403, body: { error: { reason: 'wrong-origin' } } })
  const own = await server.ask('POST', '/api/sites', { name: 'Ours' }, { cookie, origin: server.url })
  expect(own.status).toBe(201)
})

test('after signing out the token is worth nothing', async () => {
  const { ask } = await server.signedIn(landlord)
  expect((await ask('DELETE', '/api/sessions/me')).status).toBe(204)
  expect(await ask('GET', '/api/sites')).toMatchObject({ status: 401, body: { error: { reason: 'not-signed-in' } } })
})

test('five wrong tries lock, also when they come at once, and the right one works after the wait', async () => {
  const { memberNumber, pin } = site.resident
  const tries = Array.from({ length: 12 }, () =>
    server.ask<{ error: { reason: string } }>('POST', '/api/sessions', { memberNumber, pin: '000' }),
  )
  const reasons = (await Promise.all(tries)).map(answer => answer.body.error.reason)
  expect(reasons.filter(reason => reason === 'wrong-sign-in')).toHaveLength(5)
  expect(reasons.filter(reason => reason === 'locked')).toHaveLength(7)
  expect((await server.ask('POST', '/api/sessions', { memberNumber, pin })).status).toBe(429)
  server.forward(5 * 60_000 + 1000)
  expect((await server.ask('POST', '/api/sessions', { memberNumber, pin })).status).toBe(201)
})

test('a body that is not as it should be names the field', async () => {
  const answer = await site.admin.ask('POST', '/api/sites', { nam: 'x' })
  expect(answer).toMatchObject({ status: 400, body: { error: { reason: 'invalid', field: expect.any(String) } } })
  expect(await server.ask('POST', '/api/sessions', { email: 'a@b.c' })).toMatchObject({
    status: 400,
    body: { error: { reason: 'invalid', field: 'password' } },
  })
  expect((await server.ask('GET', '/api/nothing')).status).toBe(404)
})

test('what refers to nothing is not found, and no fault of ours', async () => {
  const nowhere = '00000000-0000-7000-8000-000000000000'
  const body = { siteId: nowhere, name: 'Bo', flat: '1' }
  const key = { 'idempotency-key': 'nowhere' }
  expect((await site.admin.ask('POST', '/api/residents', body, key)).status).toBe(404)
  expect((await site.admin.ask('POST', '/api/residents', body, key)).status).toBe(404)
  expect(server.errors.filter(line => line.includes('stack'))).toEqual([])
})

test('ready tells the truth, and both contracts can be read', async () => {
  expect((await server.ask('GET', '/health')).status).toBe(200)
  server.setReady(false)
  expect((await server.ask('GET', '/ready')).status).toBe(503)
  server.setReady(true)
  expect((await server.ask('GET', '/ready')).status).toBe(200)
  const contract = await server.ask<{ paths: object }>('GET', '/openapi.json')
  expect(Object.keys(contract.body.paths)).toContain('/api/doors/{id}/open')
  const wire = await server.ask<{ asyncapi: string; servers: object }>('GET', '/asyncapi.json')
  expect(wire).toMatchObject({
    status: 200,
    body: { asyncapi: '3.0.0', servers: { mqtt: { host: 'localhost:1883' } } },
  })
})
