import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import { holdParcel, mustHaveTold } from './hold-parcel.ts'
import { addNote } from './note.ts'
import { makeOrder } from './orders.ts'
import { hasFreshCode, renewPickup } from './pickup-code.ts'

type Assisted = { id: string; actorId: string; reason: string }

/**
 * The caretaker opens the box for somebody at the counter, who needs no telephone, code or badge. The order names the
 * pickup's own grant: what the door does then collects the parcel, and its code is used.
 */
export async function collectFor(ctx: Context, input: Assisted): Promise<{ orderId: string }> {
  return write(ctx, async (tx, after) => {
    const { controller, parcel, door } = await holdParcel(tx, input.id)
    if (parcel.state !== 'waiting' && parcel.state !== 'expired') throw new Refusal('not-waiting')
    await mustHaveTold(tx, controller)
    const now = ctx.now()
    const { actorId } = input
    const noteId = await addNote(tx, parcel.siteId, input.reason, now)
    const renewed = (await hasFreshCode(tx, parcel, now))
      ? []
      : await renewPickup(ctx, tx, after, { controller, parcel, actorId })
    const grantId = renewed.at(-1)?.grantId ?? parcel.pickupGrantId!
    const asked = { controller, doorId: door.id, door: door.door, grantId, parcelId: parcel.id, madeBy: actorId }
    const { id, fact } = await makeOrder(ctx, tx, after, asked)
    const about = { parcelId: parcel.id, doorId: door.id, orderId: id, actorId, facts: { noteId } }
    await appendHistory(tx, parcel.siteId, [
      ...renewed,
      { type: 'collect-for', at: now, receivedAt: now, ...about },
      fact,
    ])
    after.changes({ siteId: parcel.siteId, doors: [door.id], parcels: [parcel.id] })
    return { orderId: id }
  })
}
