import type { Delegate, OwnParcel } from '../../schema/api/resident.ts'
import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { type DelegateRow, delegatesOf } from '../store/delegates.ts'
import { appendHistory } from '../store/history.ts'
import { ownFacts, setNeedsLowDoor } from '../store/own-parcels.ts'
import { parcelsWhere } from '../store/wall.ts'
import { codeOfGrant } from './grants.ts'

const hasCode = new Set(['waiting', 'expired'])

/** Everything of one resident, newest first; codes are derived each time. */
export async function ownParcels(ctx: Context, residentId: string): Promise<OwnParcel[]> {
  const [parcels, facts] = await Promise.all([parcelsWhere(ctx.sql, { residentId }), ownFacts(ctx.sql, residentId)])
  const delegates = await delegatesOf(
    ctx.sql,
    parcels.map(each => each.id),
  )
  return Promise.all(
    parcels.map(async ({ residentId: _, carrierId: __, tracking: ___, ...parcel }) => {
      const { pickupGrantId, ...more } = facts.find(each => each.id === parcel.id)!
      const code = hasCode.has(parcel.state) && pickupGrantId ? { code: await codeOfGrant(ctx, pickupGrantId) } : {}
      const rows = delegates.filter(each => each.parcelId === parcel.id)
      return { ...parcel, ...more, ...code, delegates: await Promise.all(rows.map(row => shownDelegate(ctx, row))) }
    }),
  )
}

async function shownDelegate(ctx: Context, row: DelegateRow): Promise<Delegate> {
  const { id, name, grantId, bankKnows, bankSeenAt } = row
  const state = delegateState(row, ctx.now())
  const code = state === 'active' ? { code: await codeOfGrant(ctx, grantId) } : {}
  return { id, name, state, ...code, bankKnows, bankSeenAt: bankSeenAt?.toISOString() ?? null }
}

export function delegateState(
  { usedAt, revokedAt, until }: Pick<DelegateRow, 'usedAt' | 'revokedAt' | 'until'>,
  now: Date,
): Delegate['state'] {
  if (usedAt) return 'used'
  if (revokedAt) return 'revoked'
  return until <= now ? 'ended' : 'active'
}

/** "I need a low door": the chain says that it changed, not to what. */
export async function changeNeeds(
  ctx: Context,
  { residentId, needsLowDoor }: { residentId: string; needsLowDoor: boolean },
): Promise<{ id: string; needsLowDoor: boolean }> {
  return write(ctx, async tx => {
    const siteId = await setNeedsLowDoor(tx, residentId, needsLowDoor)
    if (siteId === undefined) throw new Refusal('not-found', { field: 'id' })
    const now = ctx.now()
    const about = { actorId: residentId, facts: { residentId } }
    await appendHistory(tx, siteId, [{ type: 'needs-changed', at: now, receivedAt: now, ...about }])
    return { id: residentId, needsLowDoor }
  })
}
