import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { setPickup } from '../store/parcels.ts'
import { type ControllerRow, grantById, type ParcelRow } from '../store/rows.ts'
import { opensAfterMs } from './deadlines.ts'
import { revoke } from './grants.ts'
import { holdParcel, type InBox } from './hold-parcel.ts'
import { addNote } from './note.ts'
import { notify } from './notices.ts'
import { addCollecting } from './pickup.ts'

type Renewed = { controller: ControllerRow; parcel: InBox; actorId: string | null }

/** Inside a write that holds the controller's row: the code before opens no more, the deadline stays what it is. */
export async function renewPickup(
  ctx: Context,
  tx: Tx,
  after: After,
  { controller, parcel, actorId }: Renewed,
): Promise<Fact[]> {
  const now = ctx.now()
  const { pickupGrantId, doorId } = parcel
  // one code for all that lie in the box
  const parcelId = parcel.joinedTo ?? parcel.id
  const gone = pickupGrantId ? await revoke(ctx, tx, after, { controller, grantId: pickupGrantId, actorId }) : []
  const until = new Date(Math.max(now.getTime(), parcel.deadlineAt?.getTime() ?? 0) + opensAfterMs)
  const { id, fact } = await addCollecting(ctx, tx, after, { controller, doorId, parcelId, purpose: 'pickup', until })
  await setPickup(tx, { id: parcelId, doorId }, id)
  return [...gone, { ...fact, actorId }]
}

/** Whether a code was given that still opens by itself. */
export async function hasFreshCode(tx: Tx, { pickupGrantId }: ParcelRow, now: Date): Promise<boolean> {
  if (!pickupGrantId) return false
  const { usedAt, revokedAt, until } = await grantById(tx, pickupGrantId)
  return usedAt === null && revokedAt === null && until > now
}

type ByHand = { id: string; actorId: string; reason: string }

/** A new code for the same person: the slip was lost or seen by others, or the code is out of step with the lock. */
export async function reissueCode(ctx: Context, input: ByHand): Promise<{ grantId: string }> {
  return write(ctx, async (tx, after) => {
    const { controller, parcel } = await holdParcel(tx, input.id)
    if (!hasCode(parcel)) throw new Refusal('no-code')
    const now = ctx.now()
    const noteId = await addNote(tx, parcel.siteId, input.reason, now)
    const renewed = await renewPickup(ctx, tx, after, { controller, parcel, actorId: input.actorId })
    const { id: parcelId, residentId } = parcel
    const grantId = renewed.at(-1)!.grantId!
    await notify(tx, ctx, { kind: 'new-code', residentId, parcelId, number: grantId })
    const about = { parcelId: parcel.id, doorId: parcel.doorId, actorId: input.actorId, facts: { noteId } }
    await appendHistory(tx, parcel.siteId, [{ type: 'code-reissued', at: now, receivedAt: now, ...about }, ...renewed])
    after.changes({ siteId: parcel.siteId, doors: [parcel.doorId], parcels: [parcel.id] })
    return { grantId }
  })
}

const hasCode = ({ state, pickupGrantId }: ParcelRow): boolean =>
  state === 'waiting' || state === 'expired' || (state === 'contested' && pickupGrantId !== null)
