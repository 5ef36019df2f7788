import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import { grantById, update } from '../store/rows.ts'
import { holdParcel } from './hold-parcel.ts'
import { addCollecting } from './pickup.ts'

type NewBadge = { parcelId: string; badge: string; actorId: string }

/**
 * Somebody without a telephone opens the box of this parcel with a badge, once, as by its code: whichever is used first ends
 * the other. The UID is kept nowhere, so it is read again for the next parcel. Taken back as any grant is.
 */
export async function addBadge(ctx: Context, { parcelId, badge, actorId }: NewBadge): Promise<{ grantId: string }> {
  return write(ctx, async (tx, after) => {
    const { controller, parcel } = await holdParcel(tx, parcelId)
    if ((parcel.state !== 'waiting' && parcel.state !== 'expired') || !parcel.pickupGrantId)
      throw new Refusal('not-waiting')
    // it has the code of the first, whose badge opens the box of both
    if (parcel.joinedTo !== null) throw new Refusal('box-shared')
    // a new code key of the bank revokes badges by itself
    if (parcel.badgeGrantId && !(await grantById(tx, parcel.badgeGrantId)).revokedAt) throw new Refusal('badge-there')
    const { until } = await grantById(tx, parcel.pickupGrantId)
    const about = { controller, doorId: parcel.doorId, parcelId, purpose: 'pickup', until } as const
    const { id: grantId, fact } = await addCollecting(ctx, tx, after, { ...about, badge: badge.toLowerCase() })
    await update(tx, 'parcels', parcelId, { badgeGrantId: grantId })
    await appendHistory(tx, controller.siteId, [{ ...fact, actorId }])
    after.changes({ siteId: parcel.siteId, parcels: [parcelId] })
    return { grantId }
  })
}
