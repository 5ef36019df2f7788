import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { admin, makeSite, signIn } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'
import { startSmtp } from '../support/smtp.ts'
import { startWebhook } from '../support/webhook.ts'

const secret = 'of the operator, 32 characters at least'
let database: FreshDatabase
let dataDir: string
let server: ServerProcess
const closers: (() => Promise<void>)[] = []

beforeEach(async () => {
  database = await freshDatabase()
  dataDir = mkdtempSync(join(tmpdir(), 'doors-kill-notices-'))
})
afterEach(async () => {
  server?.child.kill('SIGKILL')
  for (const close of closers.splice(0)) await close()
  await database.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Providers that take the first message and never say so; whoever sent it has to be killed. */
async function providers() {
  const never = new Promise<never>(() => {})
  const smtp = await startSmtp({ answer: () => (smtp.mails.length === 1 ? never : undefined) })
  const webhook = await startWebhook(() => (webhook.calls.length === 1 ? never : { status: 202 }))
  closers.push(smtp.close, webhook.close)
  const more = { SMTP_URL: smtp.url, SMTP_FROM: 'colis@example.org', SMS_WEBHOOK_URL: webhook.url }
  return {
    smtp,
    webhook,
    start: () => startProcess({ databaseUrl: database.url, dataDir, more: { ...more, SMS_WEBHOOK_SECRET: secret } }),
  }
}

type Row = { channel: string; state: string; tries: number }
const rows = () => database.sql<Row[]>`select channel, state, tries from notices order by channel`

/** A parcel of somebody who is told by mail and SMS; its door moved, as the courier's deposit needs it. */
async function waitingParcel() {
  const site = await makeSite(server.url, { controllerId: 'bank-1', doors: 1 })
  const none = await site.landlord('POST', `/api/sites/${site.siteId}/rules`, {
    quietFrom: '00:00',
    quietUntil: '00:00',
  })
  expect(none.status).toBe(200)
  const contact = { email: 'ada@example.org', phone: '+33612345678', tellBy: ['email', 'sms'] }
  await site.landlord('POST', `/api/residents/${site.resident.id}/contact`, contact)
  await database.sql`
    update controllers set online = true, boot = 'b', up = 1000, up_at = clock_timestamp(), last_heard_at = now()`
  const asked = { controllerId: 'bank-1', residentId: site.resident.id, size: 'S' }
  const { id } = (await site.courier('POST', '/api/parcels', asked)).body as unknown as { id: string }
  await database.sql`update parcels set step = 'closed'`
  await database.sql`update doors set occupied = true`
  expect(await site.courier('POST', `/api/parcels/${id}/placed`)).toMatchObject({ status: 200 })
  return site
}

test('killed between sending and recording: the repeat is the same message under the same key, and then no more', {
  timeout: 120_000,
}, async () => {
  const { smtp, webhook, start } = await providers()
  server = await start()
  const site = await waitingParcel()
  await eventually(() => smtp.mails.length === 1 && webhook.calls.length === 1, { withinMs: 15_000 })
  await server.kill()
  expect(await rows()).toEqual([
    { channel: 'email', state: 'waiting', tries: 1 },
    { channel: 'sms', state: 'waiting', tries: 1 },
  ])
  server = await start()
  // who took them may still be at it: nobody else does before the lease is over
  await database.sql`update notices set run_at = now()`
  await eventually(async () => (await rows()).every(each => each.state === 'sent'), { withinMs: 15_000 })
  expect((await rows()).map(each => each.tries)).toEqual([2, 2])

  const [mail, again] = smtp.mails
  expect(smtp.mails).toHaveLength(2)
  expect(again!.headers['message-id']).toBe(mail!.headers['message-id'])
  expect(again!.headers['message-id']).toMatch(/^<[0-9a-f-]{36}@example\.org>$/)
  expect(again!.text).toBe(mail!.text)
  const [call, repeated] = webhook.calls
  expect(webhook.calls).toHaveLength(2)
  expect(repeated!.headers['idempotency-key']).toBe(call!.headers['idempotency-key'])
  expect(repeated!.said).toEqual(call!.said)

  await server.stop()
  server = await start()
  const landlord = await signIn(server.url, admin)
  const { body } = await landlord('GET', `/api/notices?siteId=${site.siteId}&state=sent`)
  expect((body.items as unknown as unknown[]).length).toBe(2)
  expect([smtp.mails.length, webhook.calls.length]).toEqual([2, 2])
})

test('killed before anything was sent: it is sent by the next one', { timeout: 120_000 }, async () => {
  const { smtp, start } = await providers()
  server = await start()
  // the row is committed with the fact, and the server dies before its first look at it
  await database.sql`alter table notices add constraint later check (tries = 0) not valid`
  await waitingParcel()
  await server.kill()
  expect([smtp.mails.length, (await rows()).map(each => each.tries)]).toEqual([0, [0, 0]])
  await database.sql`alter table notices drop constraint later`
  smtp.mails.push({ from: '', to: [], headers: {}, text: 'so that the provider answers' })
  server = await start()
  await eventually(() => smtp.mails.length === 2, { withinMs: 15_000 })
  await eventually(async () => (await rows())[0]!.state === 'sent', { withinMs: 15_000 })
})
