import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { addDelegateRow, delegateOf } from '../store/delegates.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { type ControllerRow, grantById, type ParcelRow, update } from '../store/rows.ts'
import { revoke } from './grants.ts'
import { holdParcel } from './hold-parcel.ts'
import { newId } from './ids.ts'
import { addCollecting } from './pickup.ts'

type NewDelegate = { parcelId: string; residentId: string; name: string }
export type MadeDelegate = { id: string; grantId: string }

/**
 * Somebody else may collect this parcel, with a code of their own for its box and for nothing else. It lasts as long as
 * the resident's; whichever is used first ends the other. One at a time.
 */
export async function addDelegate(ctx: Context, { parcelId, residentId, name }: NewDelegate): Promise<MadeDelegate> {
  return write(ctx, async (tx, after) => {
    const { controller, parcel } = await holdParcel(tx, parcelId)
    if (parcel.residentId !== residentId) throw new Refusal('not-found', { field: 'id' })
    if ((parcel.state !== 'waiting' && parcel.state !== 'expired') || !parcel.pickupGrantId)
      throw new Refusal('not-waiting')
    // it has the code of the first, whose delegate collects both
    if (parcel.joinedTo !== null) throw new Refusal('box-shared')
    if (parcel.delegateGrantId) throw new Refusal('delegate-there')
    const { until } = await grantById(tx, parcel.pickupGrantId)
    const about = { controller, doorId: parcel.doorId, parcelId, purpose: 'delegate', until } as const
    const { id: grantId, fact } = await addCollecting(ctx, tx, after, about)
    const id = newId()
    await update(tx, 'parcels', parcelId, { delegateGrantId: grantId })
    await addDelegateRow(tx, { id, parcelId, grantId, name, madeAt: ctx.now() })
    const facts = { ...fact.facts, delegateId: id }
    await appendHistory(tx, controller.siteId, [{ ...fact, facts, actorId: residentId }])
    after.changes({ siteId: parcel.siteId, parcels: [parcelId] })
    return { id, grantId }
  })
}

/** Their code leaves the list at once; a bank that is away goes on opening for it until its next contact. */
export async function revokeDelegate(ctx: Context, about: { id: string; residentId: string }): Promise<{ id: string }> {
  const found = await delegateOf(ctx.sql, about)
  if (!found) throw new Refusal('not-found', { field: 'id' })
  const { grantId, parcelId } = found
  return write(ctx, async (tx, after) => {
    const { controller, parcel } = await holdParcel(tx, parcelId)
    const { usedAt } = await grantById(tx, grantId)
    if (usedAt) throw new Refusal('already-used')
    if (parcel.delegateGrantId === grantId) await update(tx, 'parcels', parcelId, { delegateGrantId: null })
    const facts = await revoke(ctx, tx, after, { controller, grantId, actorId: about.residentId })
    await appendHistory(tx, controller.siteId, facts)
    after.changes({ siteId: controller.siteId, parcels: [parcelId] })
    return { id: about.id }
  })
}

type Ending = { controller: ControllerRow; parcel: ParcelRow; actorId: string | null }

/** Inside a write that holds the controller's row: nothing that was given out for the parcel and not used opens any more. */
export async function endPickups(
  ctx: Context,
  tx: Tx,
  after: After,
  { controller, parcel, actorId }: Ending,
): Promise<Fact[]> {
  const facts: Fact[] = []
  // the code of what lies beside another is that one's
  const own = parcel.joinedTo === null ? parcel.pickupGrantId : null
  for (const grantId of [own, parcel.delegateGrantId, parcel.badgeGrantId])
    if (grantId && !(await grantById(tx, grantId)).usedAt)
      facts.push(...(await revoke(ctx, tx, after, { controller, grantId, actorId })))
  await update(tx, 'parcels', parcel.id, { delegateGrantId: null, badgeGrantId: null })
  return facts
}
