import { limits } from '../../schema/wire/limits.ts'
import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { type ControllerRow, parcelById, update } from '../store/rows.ts'
import { siteRules } from '../store/sites.ts'
import { calendarOf, deadlineAfter, nextReminder, opensAfterMs } from './deadlines.ts'
import { addGrant } from './grants.ts'
import { type HeldParcel, holdParcel } from './hold-parcel.ts'
import { addNote } from './note.ts'
import { clocksDifferMs } from './parcel-rules.ts'

type Collecting = {
  controller: ControllerRow
  doorId: string
  parcelId: string
  purpose: 'pickup' | 'delegate'
  until: Date
  /** its UID: a badge instead of a code */
  badge?: string
}

/** Inside a write that holds the controller's row: what collects a parcel, once, with its two minutes of reopening. */
export function addCollecting(ctx: Context, tx: Tx, after: After, { controller, ...about }: Collecting) {
  // a device's clock may lag by some seconds, and without one it trusts only what was past at its last known time
  const from = new Date(ctx.now().getTime() - clocksDifferMs)
  const means = about.badge === undefined ? 'code' : 'badge'
  const listed = { ...about, from, means, uses: 1, reopenMs: limits.reopenMs } as const
  return addGrant(ctx, tx, after, controller, listed)
}

/** The code: it lasts until the deadline + 30 days, because a deadline is not a lock. */
export async function givePickup(
  ctx: Context,
  tx: Tx,
  after: After,
  { controller, parcel }: HeldParcel,
): Promise<Fact> {
  const now = ctx.now()
  const rules = await siteRules(tx, parcel.siteId)
  const deadlineAt = deadlineAfter(now, rules.deadlineDays, calendarOf(rules))
  const { id: parcelId, doorId } = parcel
  const until = new Date(deadlineAt.getTime() + opensAfterMs)
  const { id, fact } = await addCollecting(ctx, tx, after, { controller, doorId, parcelId, purpose: 'pickup', until })
  const remindAt = nextReminder(deadlineAt, rules.timeZone, now)?.at ?? null
  await update(tx, 'parcels', parcel.id, { pickupGrantId: id, deadlineAt, remindAt })
  return fact
}

/**
 * What was laid beside another parcel shares its code and its deadline. Undefined when it lies alone: it never was beside
 * one, or that one was fetched meanwhile.
 */
export async function sharePickup(ctx: Context, tx: Tx, { parcel }: HeldParcel): Promise<Fact[] | undefined> {
  if (parcel.joinedTo === null) return undefined
  const first = await parcelById(tx, parcel.joinedTo)
  if ((first.state !== 'waiting' && first.state !== 'expired') || first.doorId !== parcel.doorId) {
    await update(tx, 'parcels', parcel.id, { joinedTo: null })
    return undefined
  }
  await update(tx, 'parcels', parcel.id, { pickupGrantId: first.pickupGrantId, deadlineAt: first.deadlineAt })
  const at = ctx.now()
  const about = { parcelId: parcel.id, doorId: parcel.doorId, grantId: first.pickupGrantId }
  return [{ type: 'grant-shared', at, receivedAt: at, ...about, facts: { joinedTo: first.id } }]
}

/** The code is derived from the grant told here; the asking is recorded, the code is not. */
export async function askForCode(
  ctx: Context,
  input: { id: string; reason: string; actorId: string },
): Promise<{ grantId: string }> {
  return write(ctx, async tx => {
    const { parcel } = await holdParcel(tx, input.id)
    const { pickupGrantId: grantId, doorId } = parcel
    if (!grantId) throw new Refusal('no-code')
    const now = ctx.now()
    const noteId = await addNote(tx, parcel.siteId, input.reason, now)
    const about = { parcelId: parcel.id, doorId, grantId, actorId: input.actorId }
    await appendHistory(tx, parcel.siteId, [
      { type: 'code-shown', at: now, receivedAt: now, ...about, facts: { noteId } },
    ])
    return { grantId }
  })
}
