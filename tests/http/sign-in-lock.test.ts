import { afterAll, beforeAll, expect, test } from 'vitest'
import { totpAt } from '../../schema/wire/codes.ts'
import { makeSignIn, type SignInInput } from '../../server/domain/sessions.ts'
import { startJobs } from '../../server/jobs.ts'
import { makeSite, type Server, type Site, startForTests, type Worker } from './server-for-tests.ts'

let server: Server
let site: Site
let signIn: ReturnType<typeof makeSignIn>
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  signIn = makeSignIn(server.ctx)
})
afterAll(() => server.close())

const outcome = (input: SignInInput, from: string): Promise<string> =>
  signIn({ input, from }).then(
    () => 'in',
    error => error.reason,
  )
const attempt = (from: string, right: boolean) =>
  outcome({ type: 'resident', memberNumber: site.resident.memberNumber, pin: right ? site.resident.pin : '0' }, from)
const carrier = (carrierCode: string, from: string) =>
  outcome({ type: 'carrier', siteId: site.siteId, carrierCode }, from)

/** How often each outcome. */
const counted = (outcomes: string[]) =>
  Object.fromEntries([...new Set(outcomes)].map(each => [each, outcomes.filter(other => other === each).length]))

test('wrong tries lock the name for their own address only; all addresses together meet a backstop', async () => {
  for (let i = 0; i < 5; i++) expect(await attempt('192.0.2.1', false)).toBe('wrong-sign-in')
  expect(await attempt('192.0.2.1', true)).toBe('locked')
  // the person herself is somewhere else
  expect(await attempt('192.0.2.2', true)).toBe('in')
  expect(await attempt('192.0.2.3', false)).toBe('wrong-sign-in')
  // five and one: a right one is taken back, and a locked address counts no more
  const moved = await server.sql`update attempts set wrong = 49 where wrong = 6 and locked_until is null returning 1`
  expect(moved).toHaveLength(1)
  expect(await attempt('192.0.2.4', false)).toBe('wrong-sign-in')
  expect(await attempt('192.0.2.5', true)).toBe('locked')
  server.forward(5 * 60_000 + 1_000)
  expect(await attempt('192.0.2.5', true)).toBe('in')
})

test('couriers who share a code all get in at the same moment, even after four wrong tries', {
  timeout: 60_000,
}, async () => {
  const right = `carrier-${site.controllerId}`
  for (let i = 0; i < 4; i++) expect(await carrier('a wrong one', '192.0.2.20')).toBe('wrong-sign-in')
  const outcomes = await Promise.all(Array.from({ length: 12 }, () => carrier(right, '192.0.2.20')))
  expect(counted(outcomes)).toEqual({ in: 12 })
})

test('of 200 wrong ones at the same moment the limit is judged, and a right one among them is no way round it', async () => {
  const wrong = Array.from({ length: 200 }, (_, i) => carrier(`wrong-${i}`, '192.0.2.21'))
  expect(counted(await Promise.all(wrong))).toEqual({ 'wrong-sign-in': 5, locked: 195 })
  const mixed = [0, 1, 2, 3, 'right', 4, 5, 6, 7, 8, 'right', 9].map(each =>
    carrier(each === 'right' ? `carrier-${site.controllerId}` : `wrong-${each}`, '192.0.2.22'),
  )
  expect(await Promise.all(mixed)).toEqual([
    ...['wrong-sign-in', 'wrong-sign-in', 'wrong-sign-in', 'wrong-sign-in', 'in'],
    ...['wrong-sign-in', 'wrong-sign-in', 'wrong-sign-in', 'wrong-sign-in', 'wrong-sign-in'],
    ...['locked', 'locked'],
  ])
})

const wrongPassword = 'not this one at all'
const newPassword = 'quite another one'
const account = (email: string, password: string, from = '192.0.2.30') =>
  outcome({ type: 'account', email, password }, from)
/** From there, and by all addresses together. */
async function lockOut({ email, password }: Pick<Worker, 'email' | 'password'>) {
  for (let n = 0; n < 5; n += 1) expect(await account(email, wrongPassword)).toBe('wrong-sign-in')
  const until = new Date(server.ctx.now().getTime() + 60_000)
  await server.sql`update attempts set locked_until = ${until} where wrong = 5 and locked_until is null`
  expect(await account(email, password)).toBe('locked')
  expect(await account(email, password, '192.0.2.31')).toBe('locked')
}
const ins = async (email: string, password: string) => [
  await account(email, password),
  await account(email, password, '192.0.2.31'),
]

test('whoever is given a password is not locked out by the wrong ones before it; others are still', async () => {
  const [ana, ben] = [
    await server.worker('volunteer', [site.siteId], 'ana'),
    await server.worker('volunteer', [site.siteId], 'ben'),
  ]
  for (const each of [ana, ben]) await lockOut(each)
  const given = { password: newPassword, reason: 'forgotten' }
  expect((await site.admin.ask('POST', `/api/accounts/${ana.id}/password`, given)).status).toBe(200)
  expect(await ins(ana.email, newPassword)).toEqual(['in', 'in'])
  expect(await account(ben.email, ben.password)).toBe('locked')
  // of one's own hand, where one is still in
  expect((await ben.ask('POST', '/api/account/password', { password: ben.password, newPassword })).status).toBe(200)
  expect(await ins(ben.email, newPassword)).toEqual(['in', 'in'])
  // tried before there was such an account
  const cleo = { email: 'cleo@example.org', password: newPassword }
  await lockOut(cleo)
  const made = { ...cleo, name: 'Cléo', role: 'volunteer', siteIds: [site.siteId] }
  expect((await site.admin.ask('POST', '/api/accounts', made)).status).toBe(201)
  expect(await ins(cleo.email, newPassword)).toEqual(['in', 'in'])
})

test('who knows the password cannot empty the count of wrong codes by changing it', async () => {
  const { email, password, ask } = await server.worker('volunteer', [site.siteId], 'dora')
  const { secret } = (await ask<{ secret: string }>('POST', '/api/account/second-factor', { password })).body
  const code = totpAt({ secret, digits: 6, period: 30 }, server.ctx.now().getTime())
  expect((await ask('POST', '/api/account/second-factor/confirm', { code })).status).toBe(200)
  await lockOut({ email, password })
  expect((await ask('POST', '/api/account/password', { password, newPassword })).status).toBe(200)
  expect(await ins(email, newPassword)).toEqual(['locked', 'locked'])
})

test('tries and kept answers are deleted after a day, and not before', async () => {
  const body = { siteId: site.siteId, name: 'Bo', flat: '3' }
  await site.admin.ask('POST', '/api/residents', body, { 'idempotency-key': 'kept-for-a-day' })
  await attempt('192.0.2.9', false)
  const left = async () => {
    const [row] = await server.sql`
      select (select count(*)::int from attempts) as tries, (select count(*)::int from idempotency) as answers`
    return row as { tries: number; answers: number }
  }
  const jobs = startJobs(server.ctx, { sendGrants: async () => {}, sendConfig: async () => {} }, 3600_000)
  await jobs.runOnce()
  expect((await left()).tries).toBeGreaterThan(0)
  expect((await left()).answers).toBe(1)
  server.forward(23 * 3600_000)
  await jobs.runOnce()
  expect((await left()).answers).toBe(1)
  server.forward(2 * 3600_000)
  await jobs.runOnce()
  expect(await left()).toEqual({ tries: 0, answers: 0 })
  await jobs.close()
})
