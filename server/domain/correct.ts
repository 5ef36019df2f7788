import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { liveBeside } from '../store/parcels.ts'
import { update } from '../store/rows.ts'
import { boxAfterCorrection, type CorrectState, mayCorrect } from './correct-rules.ts'
import { revoke } from './grants.ts'
import { addNote } from './note.ts'
import { holdParcel } from './parcels.ts'
import { hasFreshCode, renewPickup } from './pickup-code.ts'

type Corrected = { id: string; state: CorrectState; actorId: string; reason: string }

/** What the devices told was not what happened: the state is derived, and can be put right with a reason. */
export async function correctParcel(ctx: Context, input: Corrected): Promise<{ id: string; state: CorrectState }> {
  const { state: to, actorId } = input
  return write(ctx, async (tx, after) => {
    const { controller, parcel, door } = await holdParcel(tx, input.id)
    if (!mayCorrect(parcel.state, to)) throw new Refusal('not-from-here', { field: 'state' })
    const now = ctx.now()
    const holdsAnother = await liveBeside(tx, parcel)
    const box = boxAfterCorrection(to, { from: parcel.state, offer: door.offer, holdsAnother })
    if (box === 'refused') throw new Refusal('box-taken', { details: { offer: door.offer } })
    const noteId = await addNote(tx, parcel.siteId, input.reason, now)
    const about = { at: now, receivedAt: now, parcelId: parcel.id, doorId: door.id, actorId }
    const facts: Fact[] = [{ type: `parcel-${to}`, ...about, facts: { corrected: true, was: parcel.state, noteId } }]
    const ends = to === 'waiting' ? { endedAt: null, placedAt: parcel.placedAt ?? now } : { endedAt: now }
    await update(tx, 'parcels', parcel.id, { state: to, step: 'nothing', reason: 'corrected', ...ends })
    const fresh = await hasFreshCode(tx, parcel, now)
    if (to === 'waiting' && !fresh) facts.push(...(await renewPickup(ctx, tx, after, { controller, parcel, actorId })))
    if (to !== 'waiting' && parcel.pickupGrantId)
      facts.push(...(await revoke(ctx, tx, after, { controller, grantId: parcel.pickupGrantId, actorId })))
    if (box !== 'as it was') await update(tx, 'doors', door.id, { offer: box, since: now })
    await appendHistory(tx, parcel.siteId, facts)
    after.changes({ siteId: parcel.siteId, doors: [door.id], parcels: [parcel.id] })
    return { id: parcel.id, state: to }
  })
}
