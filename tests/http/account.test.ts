import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAccount } from '../../server/domain/accounts.ts'
import { readAgent } from '../../server/domain/user-agent.ts'
import { lockFirstLandlord } from '../../server/store/accounts.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { eventually } from '../support/eventually.ts'
import { makeSite, type Server, type Site, startForTests, type Worker } from './server-for-tests.ts'

type Failed = { error: { reason: string; field?: string } }
type Listed = { id: string; isThis: boolean; browser: string | null; system: string | null; lastSeenAt: string }

let server: Server
let site: Site
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
})
afterAll(() => server.close())

const hourMs = 3_600_000
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
const signIn = ({ email, password }: { email: string; password: string }, agent = firefox) =>
  server.ask<{ token: string } & Failed>('POST', '/api/sessions', { email, password }, { 'user-agent': agent })
const asToken = (token: string) => ({ authorization: `Bearer ${token}` })
const sessionsOf = async ({ ask }: Pick<Worker, 'ask'>) =>
  (await ask<{ items: Listed[] }>('GET', '/api/account/sessions')).body.items
const kept = async (actorId: string) => (await server.sql`select 1 from sessions where actor_id = ${actorId}`).length
const isIn = async (token: string) =>
  (await server.ask('GET', '/api/sessions/me', undefined, asToken(token))).status === 200

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Chrome',
    'Windows',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    'Edge',
    'Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari',
    'iPhone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36',
    'Samsung Internet',
    'Android',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15',
    'Safari',
    'macOS',
  ],
  [firefox, 'Firefox', 'Linux'],
  ['curl/8.5.0', null, null],
  ['<script>', null, null],
])('%s is said in words', (text, browser, system) => {
  expect(readAgent(text)).toEqual({ browser, system })
})

test('sessions are listed with what they were made from; one is ended, and it is out', async () => {
  const worker = await server.worker('volunteer', [site.siteId], 'ida')
  const { token } = (await signIn(worker)).body
  const [newest, oldest, ...more] = await sessionsOf(worker)
  expect(more).toEqual([])
  expect(newest).toMatchObject({ browser: 'Firefox', system: 'Linux', isThis: false })
  expect(oldest).toMatchObject({ isThis: true })
  expect((await site.caretaker.ask('DELETE', `/api/account/sessions/${newest!.id}`)).status).toBe(404)
  expect(await isIn(token)).toBe(true)
  expect((await worker.ask('DELETE', `/api/account/sessions/${newest!.id}`)).status).toBe(204)
  expect(await isIn(token)).toBe(false)
  expect(await isIn(worker.token)).toBe(true)
})

test('when somebody was seen last is kept to the minute', async () => {
  const worker = await server.worker('volunteer', [site.siteId], 'jon')
  const [before] = await sessionsOf(worker)
  server.forward(61_000)
  await worker.ask('GET', '/api/sessions/me')
  const [after] = await sessionsOf(worker)
  expect(Date.parse(after!.lastSeenAt) - Date.parse(before!.lastSeenAt)).toBeGreaterThan(60_000)
})

test('all the others are ended at once; another password ends them too and needs the old one', async () => {
  const worker = await server.worker('technician', [site.siteId], 'kim')
  const { token } = (await signIn(worker)).body
  expect((await worker.ask('POST', '/api/account/sessions/end-others')).body).toEqual({ ended: 1 })
  expect([await isIn(token), await isIn(worker.token)]).toEqual([false, true])
  const { token: third } = (await signIn(worker)).body
  const change = (password: string) =>
    worker.ask<Failed>('POST', '/api/account/password', { password, newPassword: 'quite another one' })
  expect(await change('a wrong password')).toMatchObject({ status: 403, body: { error: { field: 'password' } } })
  expect(await isIn(third)).toBe(true)
  expect((await change(worker.password)).body).toEqual({ ended: 1 })
  expect([await isIn(third), await isIn(worker.token)]).toEqual([false, true])
  expect((await signIn(worker)).body.error.reason).toBe('wrong-sign-in')
  expect((await signIn({ ...worker, password: 'quite another one' })).status).toBe(201)
  for (let n = 0; n < 5; n += 1) await change('a wrong password')
  expect(await change('quite another one')).toMatchObject({ status: 429, body: { error: { reason: 'locked' } } })
})

test('another role ends the sessions of the account, other sites count at once', async () => {
  const worker = await server.worker('caretaker', [site.siteId], 'lea')
  const other = await site.admin.ask<{ id: string }>('POST', '/api/sites', { name: 'Lyon' })
  const change = (role: string, siteIds: string[]) =>
    site.admin.ask<Failed>('POST', `/api/accounts/${worker.id}/change`, { name: 'Léa', role, siteIds })
  expect((await change('caretaker', [other.body.id])).status).toBe(200)
  const sites = await worker.ask<{ items: { id: string }[] }>('GET', '/api/sites')
  expect(sites.body.items.map(({ id }) => id)).toEqual([other.body.id])
  expect((await change('volunteer', [other.body.id])).status).toBe(200)
  expect(await isIn(worker.token)).toBe(false)
  // gone for good, not asleep until the account has its old role again
  expect(await kept(worker.id)).toBe(0)
  const again = await server.signedIn({ email: worker.email, password: worker.password })
  expect((await again.ask('GET', '/api/sessions/me')).body).toMatchObject({ role: 'volunteer' })
  expect(await change('landlord', [other.body.id])).toMatchObject({
    status: 400,
    body: { error: { field: 'siteIds' } },
  })
  expect(await change('volunteer', [other.body.id, worker.id])).toMatchObject({
    status: 404,
    body: { error: { field: 'siteIds' } },
  })
  expect((await change('landlord', [])).status).toBe(200)
  // a session of another role than the account's is worth nothing, however it came about
  const landlordNow = await server.signedIn({ email: worker.email, password: worker.password })
  await server.sql`update accounts set role = 'volunteer' where id = ${worker.id}`
  expect((await landlordNow.ask('GET', '/api/accounts')).status).toBe(401)
  // told where it was and where it is
  const told = await server.sql`
    select site_id, facts ->> 'role' as role from history where type = 'account-changed'
      and facts ->> 'accountId' = ${worker.id} order by received_at, site_id`
  expect(told.filter(({ siteId }) => siteId === site.siteId).map(({ role }) => role)).toEqual(['caretaker', 'landlord'])
  expect(await brokenAt(server.sql, site.siteId)).toBe(null)
})

test('a closed account is out at once, its address may be used again, and it leaves no password', async () => {
  const worker = await server.worker('volunteer', [site.siteId], 'max')
  const close = (id: string) => site.admin.ask<Failed>('POST', `/api/accounts/${id}/close`, { reason: 'moved away' })
  expect((await close(worker.id)).status).toBe(200)
  expect([await isIn(worker.token), await kept(worker.id)]).toEqual([false, 0])
  expect((await signIn(worker)).body.error.reason).toBe('wrong-sign-in')
  expect((await close(worker.id)).status).toBe(404)
  const listed = await site.admin.ask<{ items: { id: string }[] }>('GET', '/api/accounts')
  expect(listed.body.items.map(({ id }) => id)).not.toContain(worker.id)
  const [row] = await server.sql`select name, email, password_hash from accounts where id = ${worker.id}`
  expect(row).toEqual({ name: 'volunteer', email: `closed:${worker.id}`, passwordHash: '' })
  expect((await signIn({ email: `closed:${worker.id}`, password: 'anything at all' })).status).toBe(401)
  const again = await server.worker('volunteer', [site.siteId], 'max')
  expect(again.id).not.toBe(worker.id)
})

test('there is always a landlord, also when two take it from each other at the same moment', async () => {
  const me = (await site.admin.ask<{ actorId: string }>('GET', '/api/sessions/me')).body.actorId
  const close = (ask: Worker['ask'], id: string) => ask<Failed>('POST', `/api/accounts/${id}/close`, { reason: 'over' })
  expect(await close(site.admin.ask, me)).toMatchObject({ status: 409, body: { error: { reason: 'last-landlord' } } })
  const demote = await site.admin.ask<Failed>('POST', `/api/accounts/${me}/change`, { name: 'L', role: 'caretaker' })
  expect(demote.body.error.reason).toBe('last-landlord')
  const second = await server.worker('landlord', [], 'nina')
  const asked: ReturnType<typeof close>[] = []
  await server.sql.begin(async tx => {
    await lockFirstLandlord(tx)
    asked.push(close(site.admin.ask, second.id), close(second.ask, me))
    // both hold the other's account and wait here for each other
    await eventually(async () => {
      const waiting = await server.sql`
        select 1 from pg_locks l join pg_database d on d.oid = l.database
        where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`
      return waiting.length === 2
    })
  })
  const both = await Promise.all(asked)
  expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
  const [left] = await server.sql`select count(*)::int as n from accounts where role = 'landlord' and closed_at is null`
  expect(left).toEqual({ n: 1 })
  // closed ones do not count
  const [lastAsk, last] = both[0]!.status === 200 ? [site.admin.ask, me] : [second.ask, second.id]
  expect((await close(lastAsk, last)).body.error.reason).toBe('last-landlord')
})

test('an address is the same in capitals, a password however its accents are put together', async () => {
  const password = 'un café à Amiens'
  const email = 'Odette@Example.ORG'
  const { id } = await createAccount(server.ctx, { email, password, name: 'Odette', role: 'volunteer' })
  expect((await signIn({ email: ' odette@example.org', password: password.normalize('NFD') })).status).toBe(201)
  expect((await signIn({ email: 'ODETTE@EXAMPLE.ORG', password: password.normalize('NFC') })).status).toBe(201)
  const twice = createAccount(server.ctx, { email: email.toLowerCase(), password, name: 'O', role: 'volunteer' })
  await expect(twice).rejects.toMatchObject({ reason: 'already-there' })
  expect(await kept(id)).toBe(2)
  const tries = [
    'Odette@example.org',
    'odette@EXAMPLE.org',
    'ODETTE@example.org',
    'odette@example.ORG',
    'odettE@example.org',
  ]
  for (const each of tries) await signIn({ email: each, password: 'a wrong password' })
  expect((await signIn({ email, password })).status).toBe(429)
})

test('a right password in between lets wrong ones be counted anew', async () => {
  const worker = await server.worker('volunteer', [site.siteId], 'pia')
  const begin = async (password: string) =>
    (await worker.ask('POST', '/api/account/second-factor', { password })).status
  const four = Array(4).fill('a wrong password')
  const statuses: number[] = []
  for (const each of [...four, worker.password, ...four, worker.password]) statuses.push(await begin(each))
  expect(statuses).toEqual([403, 403, 403, 403, 201, 403, 403, 403, 403, 201])
})

test('who works here is out after 12 hours, a resident after 7 days, and what is over is not listed', async () => {
  const worker = await server.worker('volunteer', [site.siteId], 'rob')
  const { memberNumber, pin } = site.resident
  const resident = (await server.signedIn({ memberNumber, pin })).token
  server.forward(6 * hourMs)
  const later = await server.signedIn({ email: worker.email, password: worker.password })
  expect(await sessionsOf(later)).toHaveLength(2)
  server.forward(6 * hourMs - 60_000)
  expect(await isIn(worker.token)).toBe(true)
  server.forward(61_000)
  expect(await isIn(worker.token)).toBe(false)
  expect((await sessionsOf(later)).map(({ isThis }) => isThis)).toEqual([true])
  server.forward(156 * hourMs - 61_000)
  expect(await isIn(resident)).toBe(true)
  server.forward(61_000)
  expect(await isIn(resident)).toBe(false)
})
