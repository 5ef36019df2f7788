import { createHmac } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { Message } from '../../server/delivery/message.ts'
import { webhookDelivery } from '../../server/delivery/webhook.ts'
import { type Call, startWebhook } from '../support/webhook.ts'

const secret = 'a secret of the operator, 32 long'
const message: Message = {
  channel: 'sms',
  site: 'Amiens',
  to: '+33612345678',
  language: 'fr',
  subject: 'not for a telephone',
  text: 'Amiens: colis Hall A, casier 3. Code 1234 5678. Jusqu’au 28/11.',
  key: '018f0000-0000-7000-8000-000000000002',
}

async function openWay(answer?: Parameters<typeof startWebhook>[0]) {
  const webhook = await startWebhook(answer)
  onTestFinished(() => webhook.close())
  return { webhook, deliver: webhookDelivery(webhook.url, secret) }
}

/** As README tells an operator to do it. */
const isSigned = ({ headers, body }: Call) =>
  headers['doors-signature'] ===
  `sha256=${createHmac('sha256', secret).update(`${headers['doors-timestamp']}.${body}`).digest('hex')}`

test('posted, signed over its time and its very bytes; a repeat has the same key', async () => {
  const { webhook, deliver } = await openWay()
  expect([await deliver(message), await deliver(message)]).toEqual([{ ok: true }, { ok: true }])
  const [call, again] = webhook.calls
  const { channel, to, language, text, key: id } = message
  expect(call!.said).toEqual({ id, channel, to, language, text })
  expect(call!.headers['content-type']).toBe('application/json')
  expect(Math.abs(Number(call!.headers['doors-timestamp']) - Date.now() / 1000)).toBeLessThan(5)
  expect([call, again].map(each => [isSigned(each!), each!.headers['idempotency-key']])).toEqual([
    [true, id],
    [true, id],
  ])
  const other = { ...call!, body: call!.body.replace('casier 3', 'casier 4') }
  const later = { ...call!, headers: { ...call!.headers, 'doors-timestamp': '1' } }
  expect([isSigned(other), isSigned(later)]).toEqual([false, false])
})

test.each([
  [200, true, false],
  [204, true, false],
  [400, false, true],
  [401, false, false],
  [403, false, false],
  [404, false, false],
  [410, false, false],
  [413, false, true],
  [422, false, true],
  [429, false, false],
  [500, false, false],
  [503, false, false],
])('answered %i: taken %s, refused for good %s, and nothing of its words is kept', async (status, ok, final) => {
  const { deliver } = await openWay(() => ({ status }))
  expect(await deliver(message)).toEqual(ok ? { ok } : { ok, problem: `webhook ${status}`, final })
})

test('a redirect is not followed: what is signed goes where the operator said', async () => {
  const elsewhere = await openWay()
  const { deliver } = await openWay(() => ({ status: 307, location: elsewhere.webhook.url }))
  expect(await deliver(message)).toEqual({ ok: false, problem: 'webhook 307', final: false })
  expect(elsewhere.webhook.calls).toEqual([])
})

test('nobody there, and somebody who never answers', { timeout: 20_000 }, async () => {
  const { webhook, deliver } = await openWay(() => new Promise(() => {}))
  const before = Date.now()
  expect(await deliver(message)).toEqual({ ok: false, problem: 'webhook TimeoutError', final: false })
  expect(Date.now() - before).toBeLessThan(12_000)
  await webhook.close()
  expect(await deliver(message)).toEqual({ ok: false, problem: 'webhook ECONNREFUSED', final: false })
})
