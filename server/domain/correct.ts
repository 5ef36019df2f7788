import type { CorrectState } from '../../schema/api/corrections.ts'
import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { isBeingUsed, liveBeside } from '../store/parcels.ts'
import { update } from '../store/rows.ts'
import { boxAfterCorrection, hasEnded, mayCorrect } from './correct-rules.ts'
import { endPickups } from './delegates.ts'
import { type HeldParcel, holdParcel, moveJoined, stateFact } from './hold-parcel.ts'
import { addNote } from './note.ts'
import { notify } from './notices.ts'
import { givePickup } from './pickup.ts'
import { hasFreshCode, renewPickup } from './pickup-code.ts'

type Corrected = { id: string; state: CorrectState; actorId: string; reason: string }

/** What the devices told was not what happened: the state is derived, and can be put right with a reason. */
export async function correctParcel(ctx: Context, input: Corrected): Promise<{ id: string; state: CorrectState }> {
  const { state: to, actorId } = input
  return write(ctx, async (tx, after) => {
    const { controller, parcel, door } = await holdParcel(tx, input.id)
    if (!mayCorrect(parcel.state, to)) throw new Refusal('not-from-here', { field: 'state' })
    const now = ctx.now()
    const isUsed = await isBeingUsed(tx, door.id)
    // the courier beside it would leave the box as one in which it no longer lies, and nobody has looked
    if (isUsed && !hasEnded(parcel.state)) throw new Refusal('being-used')
    const holdsAnother = isUsed || (await liveBeside(tx, parcel))
    const box = boxAfterCorrection(to, { from: parcel.state, offer: door.offer, holdsAnother })
    if (box === 'refused') throw new Refusal('box-taken', { details: { offer: door.offer } })
    const noteId = await addNote(tx, parcel.siteId, input.reason, now)
    const about = { at: now, receivedAt: now, parcelId: parcel.id, doorId: door.id, actorId }
    const corrected = { corrected: true, was: parcel.state, noteId }
    const facts: Fact[] = [{ type: `parcel-${to}`, ...about, facts: corrected }]
    // what it was laid beside is gone, or else the box would hold another
    const waits = { endedAt: null, byDelegate: false, placedAt: parcel.placedAt ?? now, joinedTo: null }
    const ends = to === 'waiting' ? waits : { endedAt: now }
    await update(tx, 'parcels', parcel.id, { state: to, step: 'nothing', reason: 'corrected', ...ends })
    for (const beside of await moveJoined(tx, after, parcel, { state: to, endedAt: ends.endedAt }))
      facts.push({ ...stateFact(beside, now, actorId), facts: corrected })
    if (to === 'waiting') {
      facts.push(
        ...(await someCode(ctx, tx, after, { controller, parcel: { ...parcel, joinedTo: null }, door, actorId })),
      )
      const { id: parcelId, residentId } = parcel
      await notify(tx, ctx, { kind: 'arrived', residentId, parcelId, number: now.getTime() })
    } else facts.push(...(await endPickups(ctx, tx, after, { controller, parcel, actorId })))
    if (box !== 'as it was') await update(tx, 'doors', door.id, { offer: box, since: now })
    await appendHistory(tx, parcel.siteId, facts)
    after.changes({ siteId: parcel.siteId, doors: [door.id], parcels: [parcel.id] })
    return { id: parcel.id, state: to }
  })
}

/** One that opens now: the one given before, or a new one; the first one brings the deadline. */
async function someCode(
  ctx: Context,
  tx: Tx,
  after: After,
  { actorId, ...held }: HeldParcel & { actorId: string },
): Promise<Fact[]> {
  const { controller, parcel } = held
  if (!parcel.pickupGrantId) return [await givePickup(ctx, tx, after, held)]
  if (await hasFreshCode(tx, parcel, ctx.now())) return []
  return renewPickup(ctx, tx, after, { controller, parcel, actorId })
}
