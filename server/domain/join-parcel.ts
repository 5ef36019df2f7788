import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import { boxBeside } from '../store/parcels.ts'
import { insert, lockController } from '../store/rows.ts'
import type { Size } from './allocation.ts'
import { stateFact } from './hold-parcel.ts'
import { newId } from './ids.ts'
import { type NewParcel, newReceipt, openFor, type Placing, placingOf, residentFor } from './parcels.ts'

/** Whoever gets a second parcel has as long for it as the last reminder says. */
const joinBeforeMs = 48 * 3600_000

/** The box that a second parcel for this resident's flat may share now. */
export async function besideOf(
  ctx: Context,
  input: { controllerId: string; residentId: string; carrierId: string },
): Promise<{ door: number; size: Size } | null> {
  const from = new Date(ctx.now().getTime() + joinBeforeMs)
  const box = await boxBeside(ctx.sql, { ...input, from })
  return box ? { door: box.door, size: box.size } : null
}

/**
 * A second parcel of a household into the box of the first, which this carrier laid there himself and which will wait
 * for 48 hours yet. They share the code and what becomes of them.
 */
export async function joinParcel(ctx: Context, input: NewParcel & { carrierId: string }): Promise<Placing> {
  return write(ctx, async (tx, after) => {
    const controller = await lockController(tx, input.controllerId)
    if (controller.retiredAt || !controller.online) throw new Refusal('not-reachable')
    if (controller.doubtfulUntil !== null) throw new Refusal('doubtful')
    const resident = await residentFor(tx, controller.siteId, input)
    const { carrierId } = input
    const from = new Date(ctx.now().getTime() + joinBeforeMs)
    const found = await boxBeside(tx, { controllerId: controller.id, residentId: resident.id, carrierId, from })
    if (!found) throw new Refusal('no-box-to-share')
    const { parcelId: joinedTo, ...box } = found
    const id = newId()
    const receipt = newReceipt()
    const opened = await openFor(ctx, tx, after, { controller, parcelId: id, actorId: carrierId, box })
    await insert(tx, 'parcels', {
      ...{ id, siteId: controller.siteId, doorId: box.id, residentId: resident.id, carrierId, receipt, joinedTo },
      ...{ carrier: input.carrier ?? null, tracking: input.tracking ?? null, size: input.size, state: 'placing' },
      ...{ offerBefore: opened.offerBefore, placingGrantId: opened.grantId, madeAt: ctx.now() },
    })
    const placing = stateFact({ id, doorId: box.id, state: 'placing' }, ctx.now(), carrierId)
    await appendHistory(tx, controller.siteId, [{ ...placing, facts: { joinedTo } }, opened.fact])
    after.changes({ siteId: controller.siteId, parcels: [id] })
    return placingOf({ id, receipt }, opened)
  })
}
