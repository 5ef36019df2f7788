import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { boxesOf } from '../store/boxes.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { allRefused } from '../store/orders.ts'
import { receiverAt } from '../store/residents.ts'
import { update } from '../store/rows.ts'
import { pickDoor, type Size } from './allocation.ts'
import { alternatives } from './banks.ts'
import { holdParcel, mustBeCertain, stateFact } from './hold-parcel.ts'
import { leftBox } from './parcel-rules.ts'
import { noneFree, openFor, type Placing } from './parcels.ts'

/** Another box for the same parcel. With none free the deposit ends here, and the box it had is still looked after. */
export async function swapParcel(
  ctx: Context,
  id: string,
  input: { size: Size; found?: 'empty' | 'something' | undefined },
): Promise<Placing> {
  return write(ctx, async (tx, after): Promise<Placing | Refusal> => {
    const held = await holdParcel(tx, id)
    const { parcel, door, controller } = held
    if (parcel.state !== 'placing') throw new Refusal('not-placing')
    if (!controller.online) throw new Refusal('not-reachable')
    mustBeCertain(controller)
    const orderOver = await allRefused(tx, parcel)
    const left = leftBox(parcel, door, { orderOver, found: input.found }, ctx.now())
    if (left.refused) throw new Refusal(left.refused)
    const says = left.offer!
    await update(tx, 'doors', door.id, { offer: says, since: ctx.now() })
    const facts: Fact[] = [
      {
        ...stateFact({ ...parcel, state: 'swap' }, ctx.now(), parcel.carrierId),
        facts: { found: input.found ?? null, offer: says },
      },
    ]
    const receiver = await receiverAt(tx, parcel.siteId, { residentId: parcel.residentId })
    const wish = { size: input.size, low: receiver?.needsLowDoor ?? false }
    // the box just left is not offered again to the same courier
    const boxes = (await boxesOf(tx, controller.id)).filter(box => box.id !== door.id)
    after.changes({ siteId: parcel.siteId, doors: [door.id], parcels: [id] })
    const box = pickDoor(boxes, wish)
    if (!box) {
      await update(tx, 'parcels', id, { state: 'cancelled', endedAt: ctx.now() })
      await appendHistory(tx, parcel.siteId, [
        ...facts,
        noneFree(ctx, controller, { size: input.size, carrierId: parcel.carrierId ?? undefined }),
        stateFact({ ...parcel, state: 'cancelled' }, ctx.now(), parcel.carrierId),
      ])
      return new Refusal('none-free', { details: await alternatives(tx, controller, boxes) })
    }
    const opened = await openFor(ctx, tx, after, { controller, parcelId: id, actorId: parcel.carrierId, box })
    const fresh = { step: 'nothing', notSeen: false, openedAt: null, madeAt: ctx.now(), size: input.size }
    const { grantId: placingGrantId, offerBefore, told } = opened
    await update(tx, 'parcels', id, { ...fresh, doorId: box.id, placingGrantId, offerBefore, joinedTo: null })
    await appendHistory(tx, parcel.siteId, [...facts, opened.fact])
    return { id, receipt: parcel.receipt, ...told }
  })
}
