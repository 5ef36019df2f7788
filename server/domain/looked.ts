import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { parcelInside } from '../store/parcels.ts'
import { doorById, grantById, lockController, update } from '../store/rows.ts'
import { endPickups } from './delegates.ts'
import { moveJoined, stateFact } from './hold-parcel.ts'
import { addNote } from './note.ts'
import { notify } from './notices.ts'
import { givePickup } from './pickup.ts'
import { hasFreshCode, renewPickup } from './pickup-code.ts'

export type Found = 'empty' | 'parcel' | 'something-else'

/** Somebody looked into a box: the positive evidence that settles one that is contested or unchecked. */
export async function doorLooked(
  ctx: Context,
  input: { doorId: string; found: Found; actorId: string; reason?: string | undefined },
): Promise<{ id: string; offer: string }> {
  const { controllerId } = await doorById(ctx.sql, input.doorId)
  return write(ctx, async (tx, after) => {
    const controller = await lockController(tx, controllerId)
    const door = await doorById(tx, input.doorId)
    if (door.kind !== 'compartment' || door.offer === 'retired') throw new Refusal('not-a-box')
    if (door.offer === 'reserved') throw new Refusal('being-used')
    const parcel = await parcelInside(tx, door.id)
    const now = ctx.now()
    const noteId = input.reason ? await addNote(tx, door.siteId, input.reason, now) : null
    const about = { at: now, receivedAt: now, doorId: door.id, parcelId: parcel?.id ?? null, actorId: input.actorId }
    const facts: Fact[] = [{ type: 'door-looked', ...about, facts: { found: input.found, noteId } }]
    let offer: 'free' | 'in-use' | 'contested' = 'contested'
    if (input.found === 'empty') {
      offer = 'free'
      if (parcel) {
        // the step may be the deposit's own: only the use of a code for it says that somebody collected
        const pickup = parcel.pickupGrantId ? await grantById(tx, parcel.pickupGrantId) : undefined
        const state = pickup?.usedAt || parcel.byDelegate ? 'collected' : 'cancelled'
        await update(tx, 'parcels', parcel.id, { state, endedAt: now, reason: 'found-empty' })
        facts.push({ type: `parcel-${state}`, ...about })
        for (const beside of await moveJoined(tx, after, parcel, { state, endedAt: now }))
          facts.push(stateFact(beside, now, input.actorId))
        facts.push(...(await endPickups(ctx, tx, after, { controller, parcel, actorId: input.actorId })))
      }
    } else if (input.found === 'parcel' && parcel) {
      offer = 'in-use'
      if (parcel.state === 'contested') {
        const waits = { state: 'waiting', step: 'nothing', reason: null, byDelegate: false }
        await update(tx, 'parcels', parcel.id, { ...waits, placedAt: parcel.placedAt ?? now })
        facts.push({ type: 'parcel-waiting', ...about })
        for (const beside of await moveJoined(tx, after, parcel, { state: 'waiting' }))
          facts.push(stateFact(beside, now, input.actorId))
        const { id: parcelId, residentId } = parcel
        await notify(tx, ctx, { kind: 'arrived', residentId, parcelId, number: now.getTime() })
        const held = { controller, parcel: { ...parcel, doorId: door.id }, door }
        if (!parcel.pickupGrantId) facts.push(await givePickup(ctx, tx, after, held))
        else if (!(await hasFreshCode(tx, parcel, now)))
          facts.push(
            ...(await renewPickup(ctx, tx, after, { controller, parcel: held.parcel, actorId: input.actorId })),
          )
      }
    }
    // what a sensor said before is older than a look that says otherwise
    const said = door.occupied === (input.found === 'empty') ? { occupied: null } : {}
    await update(tx, 'doors', door.id, { offer, since: now, alarm: null, alarmAt: null, ...said })
    await appendHistory(tx, door.siteId, facts)
    after.changes({ siteId: door.siteId, doors: [door.id], ...(parcel ? { parcels: [parcel.id] } : {}) })
    return { id: door.id, offer }
  })
}
