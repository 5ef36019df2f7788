import type { EntryCode } from '../../schema/api/rooms.ts'
import { totpAt } from '../../schema/wire/codes.ts'
import type { After, Context } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { type ControllerRow, type GrantRow, grantById } from '../store/rows.ts'
import { addGrant, codeOfGrant, opensFrom, totpOf } from './grants.ts'
import type { Span } from './room-hours.ts'

type Entry = Span & {
  opensAt?: Date
  controller: ControllerRow
  doorId: string
  means: GrantRow['means']
  badge?: string | undefined
}

/** What a booking, a seat and a host ask the core for; `opensAt`: when that is not as of every room. */
export async function grantEntry(ctx: Context, tx: Tx, after: After, entry: Entry) {
  const { controller, doorId, from, until, means, badge, opensAt = opensFrom('room', from) } = entry
  const listed = { doorId, from: opensAt, until, means, badge, uses: 0, purpose: 'entry' } as const
  const { id: grantId, fact } = await addGrant(ctx, tx, after, controller, listed)
  return { grantId, fact }
}

/** What is typed at the door now; of a rotating code for how long, and none before the door opens for it. */
export async function entryCode(ctx: Context, grantId: string): Promise<EntryCode> {
  const grant = await grantById(ctx.sql, grantId)
  const now = ctx.now()
  if (grant.means === 'order' || grant.revokedAt || grant.until <= now) throw new Refusal('no-code')
  const { means } = grant
  const about = { means, opensAt: grant.from.toISOString(), until: grant.until.toISOString() }
  if (means === 'code') return { ...about, code: await codeOfGrant(ctx, grantId), validForMs: null }
  const totp = await totpOf(ctx, grant)
  if (!totp || now < grant.from) return { ...about, code: null, validForMs: null }
  const periodMs = totp.period * 1000
  return { ...about, code: totpAt(totp, now.getTime()), validForMs: periodMs - (now.getTime() % periodMs) }
}
