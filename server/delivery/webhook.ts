import { createHmac } from 'node:crypto'
import type { Deliver } from './message.ts'

const timeoutMs = 10_000
/** about this very message; anything else may be the operator's or the provider's, and is tried again */
const refusedForGood = new Set([400, 413, 422])

/** Hex of HMAC-SHA-256 over `<timestamp>.<body>`; timestamp in seconds since 1970. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')

/** SMS and calls go to one address of the operator's, which hands them to a provider. Any 2xx means taken. */
export const webhookDelivery =
  (url: string, secret: string, now: () => Date = () => new Date()): Deliver =>
  async ({ channel, to, language, text, key }) => {
    const body = JSON.stringify({ id: key, channel, to, language, text })
    const timestamp = String(Math.floor(now().getTime() / 1000))
    try {
      const answer = await fetch(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': key,
          'doors-timestamp': timestamp,
          'doors-signature': `sha256=${signatureOf(secret, timestamp, body)}`,
        },
        // what is signed goes where the operator said, and nowhere else
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
      await answer.body?.cancel()
      if (answer.ok) return { ok: true }
      return { ok: false, problem: `webhook ${answer.status}`, final: refusedForGood.has(answer.status) }
    } catch (error) {
      const { name, cause } = error as Error & { cause?: { code?: string } }
      return { ok: false, problem: `webhook ${cause?.code ?? name}`, final: false }
    }
  }
