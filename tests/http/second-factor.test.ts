import { afterAll, beforeAll, expect, test } from 'vitest'
import { totpAt } from '../../schema/wire/codes.ts'
import { makeSignIn } from '../../server/domain/sessions.ts'
import { secondFactorOf, setConfirmed } from '../../server/store/second-factors.ts'
import { type Answer, makeSite, type Server, type Site, startForTests, type Worker } from './server-for-tests.ts'

type Failed = { error: { reason: string; field?: string } }

let server: Server
let site: Site
beforeAll(async () => {
  server = await startForTests({ trustProxy: true })
  site = await makeSite(server)
})
afterAll(() => server.close())

/** What the authenticator shows now. */
const codeOf = (secret: string) => totpAt({ secret, digits: 6, period: 30 }, server.ctx.now().getTime())
const nextStep = () => server.forward(30_000)
/** None of those the server takes now. */
const wrongCode = (secret: string) => {
  const [a, b, c] = [-30_000, 0, 30_000].map(ms =>
    totpAt({ secret, digits: 6, period: 30 }, server.ctx.now().getTime() + ms),
  )
  return ['000000', '111111', '222222', '333333'].find(each => ![a, b, c].includes(each))!
}

const outcome = ({ status, body }: Answer<Failed | object>) =>
  status === 201 ? 'in' : 'error' in body ? body.error.reason : String(status)
const signIn = async ({ email, password }: Worker, otp?: string, from = '192.0.2.1') =>
  outcome(
    await server.ask(
      'POST',
      '/api/sessions',
      { email, password, ...(otp ? { otp } : {}) },
      { 'x-forwarded-for': from },
    ),
  )

async function begin(worker: Worker) {
  const { password } = worker
  return (await worker.ask<{ secret: string; uri: string }>('POST', '/api/account/second-factor', { password })).body
}
async function enrolled(name: string) {
  const worker = await server.worker('caretaker', [site.siteId], name)
  const { secret } = await begin(worker)
  const answer = await worker.ask<{ recoveryCodes: string[] }>('POST', '/api/account/second-factor/confirm', {
    code: codeOf(secret),
  })
  return { worker, secret, codes: answer.body.recoveryCodes }
}

test('enrolled with the password, asked for only once it is confirmed by a code', async () => {
  const worker = await server.worker('caretaker', [site.siteId], 'ann')
  const refused = await worker.ask<Failed>('POST', '/api/account/second-factor', { password: 'not this one at all' })
  expect(refused).toMatchObject({ status: 403, body: { error: { reason: 'wrong-password', field: 'password' } } })
  const { secret, uri } = await begin(worker)
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(uri).toBe(
    `otpauth://totp/Conciergerie:ann%40example.org?secret=${secret}&issuer=Conciergerie&algorithm=SHA1&digits=6&period=30`,
  )
  expect(await signIn(worker)).toBe('in')
  // begun again: what was shown before is void, also to who is about to confirm it
  const accountId = worker.id
  const { secretWrapped } = (await secondFactorOf(server.sql, accountId))!
  const key = { 'idempotency-key': 'begun-again' }
  const beginAgain = () =>
    worker.ask<{ secret: string } & Failed>('POST', '/api/account/second-factor', { password: worker.password }, key)
  const again = (await beginAgain()).body
  expect((await beginAgain()).body).toEqual(again)
  const late = { accountId, secretWrapped, at: server.ctx.now(), step: 1 }
  expect(await server.sql.begin(tx => setConfirmed(tx, late))).toBe(false)
  const confirm = (code: string) =>
    worker.ask<{ recoveryCodes: string[] }>('POST', '/api/account/second-factor/confirm', { code })
  expect(outcome(await confirm(codeOf(secret)))).toBe('otp-wrong')
  const { recoveryCodes } = (await confirm(codeOf(again.secret))).body
  expect(new Set(recoveryCodes).size).toBe(10)
  for (const code of recoveryCodes) expect(code).toMatch(/^[a-z2-9]{5}-[a-z2-9]{5}$/)
  expect(outcome(await confirm(codeOf(again.secret)))).toBe('second-factor-on')
  // the secret is not told again, also not to the same asking
  expect(outcome(await beginAgain())).toBe('already-shown')
  const start = await worker.ask<Failed>('POST', '/api/account/second-factor', { password: worker.password })
  expect(outcome(start)).toBe('second-factor-on')
  const me = await worker.ask('GET', '/api/account')
  expect(me.body).toMatchObject({ secondFactor: { since: expect.any(String), recoveryCodesLeft: 10 } })
})

test('at sign-in it is asked for; a code serves once, the one it was confirmed with is used', async () => {
  const { worker, secret } = await enrolled('bob')
  expect(await signIn(worker)).toBe('otp-needed')
  expect(await signIn(worker, codeOf(secret))).toBe('otp-wrong')
  nextStep()
  expect(await signIn(worker, codeOf(secret))).toBe('in')
  expect(await signIn(worker, codeOf(secret))).toBe('otp-wrong')
  // one from before the last used is no way back, though the clock would still take it
  const early = totpAt({ secret, digits: 6, period: 30 }, server.ctx.now().getTime() - 30_000)
  expect(await signIn(worker, early)).toBe('otp-wrong')
  nextStep()
  expect(await signIn(worker, ` ${codeOf(secret).slice(0, 3)} ${codeOf(secret).slice(3)}`)).toBe('in')
  const other = await server.worker('caretaker', [site.siteId], 'cleo')
  expect(await signIn(other, '123456')).toBe('no-second-factor')
  const pin = { memberNumber: site.resident.memberNumber, pin: site.resident.pin, otp: '123456' }
  expect(await server.ask('POST', '/api/sessions', pin)).toMatchObject({
    status: 400,
    body: { error: { field: 'otp' } },
  })
})

test('one code typed at two servers at the same moment lets one in', async () => {
  const { worker, secret } = await enrolled('dan')
  nextStep()
  const { email, password } = worker
  const input = { type: 'account', email, password, otp: codeOf(secret) } as const
  // turns are kept within a server: the row is what decides between them
  const servers = [1, 2, 3, 4].map(() => makeSignIn(server.ctx))
  const tries = servers.map((each, n) =>
    each({ input, from: `192.0.2.${n + 10}` }).then(
      () => 'in',
      error => error.reason,
    ),
  )
  expect((await Promise.all(tries)).sort()).toEqual(['in', 'otp-wrong', 'otp-wrong', 'otp-wrong'])
})

test('wrong codes lock as wrong passwords do, and the password alone in between wipes nothing out', async () => {
  const { worker, secret } = await enrolled('eve')
  for (let n = 0; n < 4; n += 1) expect(await signIn(worker, wrongCode(secret))).toBe('otp-wrong')
  expect(await signIn(worker)).toBe('otp-needed')
  expect(await signIn(worker, wrongCode(secret))).toBe('otp-wrong')
  nextStep()
  expect(await signIn(worker, codeOf(secret))).toBe('locked')
  expect(await signIn(worker, codeOf(secret), '192.0.2.99')).toBe('in')
  server.forward(5 * 60_000)
  expect(await signIn(worker, codeOf(secret))).toBe('in')
})

test('a recovery code serves once, however it is typed; in the database there is neither it nor the secret', async () => {
  const { worker, secret, codes } = await enrolled('fay')
  const [first, second] = codes as [string, string]
  expect(await signIn(worker, first)).toBe('in')
  expect(await signIn(worker, first)).toBe('otp-wrong')
  expect(await signIn(worker, second.toUpperCase().replace('-', ' '))).toBe('in')
  const me = await worker.ask('GET', '/api/account')
  expect(me.body).toMatchObject({ secondFactor: { recoveryCodesLeft: 8 } })
  const rows = await server.sql`
    select f::text || encode(f.secret_wrapped, 'escape') as text from second_factors f
    union all select c::text || encode(c.hash, 'escape') from recovery_codes c
    union all select i::text from idempotency i union all select a::text from attempts a`
  const kept = rows.map(({ text }) => String(text)).join('\n')
  for (const hidden of [secret, ...codes, ...codes.map(each => each.replace('-', ''))]) {
    expect(kept).not.toContain(hidden)
    expect(server.errors.join('\n')).not.toContain(hidden)
  }
  nextStep()
  const proof = { password: worker.password, otp: codeOf(secret) }
  const renew = (about: object) =>
    worker.ask<{ recoveryCodes: string[] }>('POST', '/api/account/recovery-codes', { ...proof, ...about })
  expect(outcome(await renew({ password: 'not this one at all' }))).toBe('wrong-password')
  expect(outcome(await renew({ otp: wrongCode(secret) }))).toBe('otp-wrong')
  const renewed = await renew({})
  expect(renewed.body.recoveryCodes).toHaveLength(10)
  expect(await signIn(worker, codes[2])).toBe('otp-wrong')
  expect(await signIn(worker, renewed.body.recoveryCodes[0])).toBe('in')
})

test('turned off with password and code; wrong ones are counted there too', async () => {
  const { worker, secret } = await enrolled('gus')
  nextStep()
  const off = (password: string, otp: string) =>
    worker.ask<Failed>('POST', '/api/account/second-factor/off', { password, otp })
  expect(outcome(await off('not this one at all', codeOf(secret)))).toBe('wrong-password')
  expect(outcome(await off(worker.password, wrongCode(secret)))).toBe('otp-wrong')
  for (let n = 0; n < 3; n += 1) expect(outcome(await off(worker.password, wrongCode(secret)))).toBe('otp-wrong')
  expect(outcome(await off(worker.password, codeOf(secret)))).toBe('locked')
  server.forward(5 * 60_000 + 1_000)
  // the same request again after a lost answer is the same
  const key = { 'idempotency-key': 'off-once' }
  const once = () =>
    worker.ask('POST', '/api/account/second-factor/off', { password: worker.password, otp: codeOf(secret) }, key)
  expect((await once()).status).toBe(200)
  expect((await once()).status).toBe(200)
  expect(await signIn(worker)).toBe('in')
  expect((await worker.ask('GET', '/api/account')).body).toMatchObject({
    secondFactor: { since: null, recoveryCodesLeft: 0 },
  })
})

test('the password shown in between wipes no wrong code out', async () => {
  const { worker, secret } = await enrolled('kay')
  const { password } = worker
  nextStep()
  const off = async (otp: string) =>
    outcome(await worker.ask<Failed>('POST', '/api/account/second-factor/off', { password, otp }))
  for (let n = 0; n < 4; n += 1) expect(await off(wrongCode(secret))).toBe('otp-wrong')
  const change = await worker.ask('POST', '/api/account/password', { password, newPassword: password })
  expect(change.status).toBe(200)
  expect(await off(wrongCode(secret))).toBe('otp-wrong')
  expect(await off(codeOf(secret))).toBe('locked')
})

test('of a closed account neither secret nor recovery codes are kept', async () => {
  const { worker } = await enrolled('jo')
  const close = { reason: 'moved away' }
  expect((await site.admin.ask('POST', `/api/accounts/${worker.id}/close`, close)).status).toBe(200)
  const kept = await server.sql`
    select account_id from second_factors where account_id = ${worker.id}
    union all select account_id from recovery_codes where account_id = ${worker.id}`
  expect(kept).toEqual([])
})

test('a landlord resets it for who lost everything: with a reason, in the history of their sites, never their own', async () => {
  const { worker } = await enrolled('hal')
  const reset = (id: string) =>
    site.admin.ask<Failed>('POST', `/api/accounts/${id}/reset-second-factor`, { reason: 'phone and paper lost' })
  expect((await reset(worker.id)).status).toBe(200)
  expect(outcome(await reset(worker.id))).toBe('no-second-factor')
  expect(await signIn(worker)).toBe('in')
  const [told] = await server.sql<{ accountId: string; actorId: string; text: string }[]>`
    select h.facts ->> 'accountId' as account_id, h.actor_id, n.text from history h
    join notes n on n.id = (h.facts ->> 'noteId')::uuid and n.site_id = h.site_id
    where h.type = 'second-factor-reset' and h.site_id = ${site.siteId}`
  const me = await site.admin.ask<{ actorId: string }>('GET', '/api/sessions/me')
  expect(told).toEqual({ accountId: worker.id, actorId: me.body.actorId, text: 'phone and paper lost' })
  expect(outcome(await reset(me.body.actorId))).toBe('own-account')
})

test('a password is given to who forgot theirs: who was in is out, the second factor is asked for still, and it is told', async () => {
  const { worker, secret } = await enrolled('ivy')
  const given = { ...worker, password: 'given at the counter' }
  const give = (id: string) =>
    site.admin.ask<Failed>('POST', `/api/accounts/${id}/password`, { password: given.password, reason: 'forgotten' })
  expect((await give(worker.id)).status).toBe(200)
  expect((await worker.ask('GET', '/api/account')).status).toBe(401)
  expect(await signIn(worker)).toBe('wrong-sign-in')
  expect(await signIn(given)).toBe('otp-needed')
  nextStep()
  expect(await signIn(given, codeOf(secret))).toBe('in')
  const [told] = await server.sql<{ accountId: string; facts: string; text: string }[]>`
    select h.facts ->> 'accountId' as account_id, h.facts::text as facts, n.text from history h
    join notes n on n.id = (h.facts ->> 'noteId')::uuid where h.type = 'password-given' and h.site_id = ${site.siteId}`
  expect(told).toMatchObject({ accountId: worker.id, text: 'forgotten' })
  expect(told!.facts).not.toContain(given.password)
  const me = await site.admin.ask<{ actorId: string }>('GET', '/api/sessions/me')
  expect(outcome(await give(me.body.actorId))).toBe('own-account')
  expect((await give(site.siteId)).status).toBe(404)
})
