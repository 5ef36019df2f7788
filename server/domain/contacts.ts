import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import type { Channel } from '../store/notices.ts'
import { type Contact, changeContactOf } from '../store/residents.ts'

export type ContactInput = {
  email?: string | undefined
  phone?: string | undefined
  language?: string | undefined
  tellBy?: Channel[] | undefined
}

/** Nobody is told in a way for which there is no address. */
export function readContact({ email, phone: dialled, language, tellBy }: ContactInput): Contact {
  const phone = dialled === undefined ? null : phoneOf(dialled)
  if (phone === undefined) throw new Refusal('invalid', { field: 'phone' })
  const ways = [...new Set(tellBy ?? (email ? ['email' as const] : phone ? ['sms' as const] : []))]
  if (ways.includes('email') && !email) throw new Refusal('invalid', { field: 'email' })
  if (ways.some(way => way !== 'email') && !phone) throw new Refusal('invalid', { field: 'phone' })
  return { email: email ?? null, phone, language: language ?? null, tellBy: ways }
}

/** E.164; a number dialled within France gets its 33. */
export function phoneOf(dialled: string): string | undefined {
  const digits = dialled.replace(/[ .()-]/g, '')
  if (/^\+[1-9]\d{6,14}$/.test(digits)) return digits
  return /^0[1-9]\d{8}$/.test(digits) ? `+33${digits.slice(1)}` : undefined
}

/** All of it anew: what is left out is gone. The chain says that it changed, not to what. */
export async function changeContact(
  ctx: Context,
  input: ContactInput & { residentId: string; actorId: string },
): Promise<{ id: string; tellBy: string[] }> {
  const contact = readContact(input)
  const { residentId, actorId } = input
  return write(ctx, async tx => {
    const siteId = await changeContactOf(tx, residentId, contact)
    if (siteId === undefined) throw new Refusal('not-found', { field: 'id' })
    const now = ctx.now()
    const facts = { residentId, tellBy: contact.tellBy }
    await appendHistory(tx, siteId, [{ type: 'contact-changed', at: now, receivedAt: now, actorId, facts }])
    return { id: residentId, tellBy: contact.tellBy }
  })
}
