import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { livesAt } from '../store/grants.ts'
import { appendHistory } from '../store/history.ts'
import { sharesBox } from '../store/parcels.ts'
import { update } from '../store/rows.ts'
import { endPickups } from './delegates.ts'
import { holdParcel } from './hold-parcel.ts'
import { addNote } from './note.ts'
import { notify } from './notices.ts'
import { renewPickup } from './pickup-code.ts'

type Reassigned = { id: string; residentId: string; actorId: string; reason: string }

/** It was put in for somebody else: it stays where it is, the codes of the first one open no more. */
export async function reassignParcel(ctx: Context, input: Reassigned): Promise<{ id: string; residentId: string }> {
  return write(ctx, async (tx, after) => {
    const { controller, parcel } = await holdParcel(tx, input.id)
    if (parcel.state !== 'waiting' && parcel.state !== 'expired') throw new Refusal('not-waiting')
    if (!(await livesAt(tx, parcel.siteId, input.residentId))) throw new Refusal('not-found', { field: 'residentId' })
    if (parcel.residentId === input.residentId) throw new Refusal('same-resident', { field: 'residentId' })
    // they share one code
    if (await sharesBox(tx, parcel)) throw new Refusal('box-shared')
    const now = ctx.now()
    const noteId = await addNote(tx, parcel.siteId, input.reason, now)
    await update(tx, 'parcels', parcel.id, { residentId: input.residentId })
    const ended = await endPickups(ctx, tx, after, { controller, parcel, actorId: input.actorId })
    const renewed = await renewPickup(ctx, tx, after, { controller, parcel, actorId: input.actorId })
    const { residentId } = input
    await notify(tx, ctx, { kind: 'arrived', residentId, parcelId: parcel.id, number: renewed.at(-1)!.grantId! })
    const facts = { from: parcel.residentId, to: residentId, noteId }
    const about = { parcelId: parcel.id, doorId: parcel.doorId, actorId: input.actorId, facts }
    await appendHistory(tx, parcel.siteId, [
      { type: 'parcel-reassigned', at: now, receivedAt: now, ...about },
      ...ended,
      ...renewed,
    ])
    after.changes({ siteId: parcel.siteId, doors: [parcel.doorId], parcels: [parcel.id] })
    return { id: parcel.id, residentId: input.residentId }
  })
}
