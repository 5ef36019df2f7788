import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { boxBeside } from '../store/parcels.ts'
import type { Size } from './allocation.ts'
import { addPlacing, holdBank, type NewParcel, type Placing } from './parcels.ts'

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
    const { controller, resident } = await holdBank(tx, input)
    const from = new Date(ctx.now().getTime() + joinBeforeMs)
    const about = { controllerId: controller.id, residentId: resident.id, carrierId: input.carrierId, from }
    const found = await boxBeside(tx, about)
    if (!found) throw new Refusal('no-box-to-share')
    const { parcelId: joinedTo, ...box } = found
    return addPlacing(ctx, tx, after, { controller, residentId: resident.id, box, input, joinedTo })
  })
}
