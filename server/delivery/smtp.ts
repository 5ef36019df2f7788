import { createTransport } from 'nodemailer'
import type { Deliver } from './message.ts'

const timeoutMs = 10_000
/** RFC 5321 4.2.3: the mailbox is not there or takes nothing; a 5xx of sign-in or of the whole session is the operator's. */
const refusedForGood = new Set([550, 551, 552, 553, 554])

/** `from`: the address mails come from. Closes its connections with `close`. */
export function smtpDelivery(url: string, from: string): { deliver: Deliver; close(): void } {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const deliver: Deliver = async ({ to, site, language, subject, text, key }) => {
    try {
      await transport.sendMail({
        ...{ subject, text },
        from: { name: site, address: from },
        // an object is taken as it is; a text with a comma would be two addresses
        to: { name: '', address: to },
        // RFC 5322 3.6.4: the same message has the same id, so a mailbox that gets it twice can show it once
        messageId: `<${key}@${domain}>`,
        // RFC 3834 5: nobody's holiday answer comes back
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language, 'Idempotency-Key': key },
      })
      return { ok: true }
    } catch (error) {
      const { responseCode, code, command } = error as { responseCode?: number; code?: string; command?: string }
      const final = command !== 'AUTH' && command !== 'CONN' && refusedForGood.has(responseCode ?? 0)
      return { ok: false, problem: `smtp ${responseCode ?? code ?? 'failed'}`, final }
    }
  }
  return { deliver, close: () => transport.close() }
}
