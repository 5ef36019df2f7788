import { afterAll, beforeAll, expect, test } from 'vitest'
import { signInPerson } from '../../server/domain/sessions.ts'
import { startJobs } from '../../server/jobs.ts'
import { makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
})
afterAll(() => server.close())

const attempt = (from: string, right: boolean) =>
  signInPerson(server.ctx, {
    input: { type: 'resident', memberNumber: site.resident.memberNumber, pin: right ? site.resident.pin : '0' },
    from,
  }).then(
    () => 'in',
    error => error.reason,
  )

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
