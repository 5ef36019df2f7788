import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import { holdParcel, mustHaveTold } from './hold-parcel.ts'
import { addOneUse, makeOrder } from './orders.ts'

export type Taking = { id: string; doorId: string; door: number; orderId: string }

/** Opens the box of an overdue parcel for its carrier; again when the first try did not open it. */
export async function openToTakeBack(ctx: Context, input: { id: string; actorId: string }): Promise<Taking> {
  return write(ctx, async (tx, after) => {
    const { parcel, controller, door } = await holdParcel(tx, input.id)
    if (parcel.state !== 'expired') throw new Refusal('not-overdue')
    // it goes back with the one whose code it has
    if (parcel.joinedTo !== null) throw new Refusal('box-shared')
    await mustHaveTold(tx, controller)
    const { id: parcelId } = parcel
    const grantId = await addOneUse(ctx, tx, { controller, doorId: door.id, purpose: 'taking', parcelId })
    const asked = { controller, doorId: door.id, door: door.door, grantId, parcelId, madeBy: input.actorId }
    const { id: orderId, fact } = await makeOrder(ctx, tx, after, asked)
    await appendHistory(tx, parcel.siteId, [{ ...fact, facts: { purpose: 'taking' } }])
    return { id: parcelId, doorId: door.id, door: door.door, orderId }
  })
}
