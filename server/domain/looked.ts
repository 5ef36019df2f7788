import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { isBeingUsed, parcelsInside } from '../store/parcels.ts'
import {
  type ControllerRow,
  type DoorRow,
  doorById,
  grantById,
  lockController,
  type ParcelRow,
  update,
} from '../store/rows.ts'
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
    if (await isBeingUsed(tx, door.id)) throw new Refusal('being-used')
    const inside = await parcelsInside(tx, door.id)
    const [parcel] = inside
    const now = ctx.now()
    const { found, actorId } = input
    const noteId = input.reason ? await addNote(tx, door.siteId, input.reason, now) : null
    const about = { doorId: door.id, parcelId: parcel?.id ?? null, actorId, facts: { found, noteId } }
    const facts: Fact[] = [{ type: 'door-looked', at: now, receivedAt: now, ...about }]
    const offer = found === 'empty' ? 'free' : found === 'parcel' && parcel ? 'in-use' : 'contested'
    if (found === 'empty')
      for (const each of inside)
        facts.push(...(await foundGone(ctx, tx, after, { controller, parcel: each, actorId, at: now })))
    if (found === 'parcel' && parcel?.state === 'contested')
      facts.push(...(await waitsAgain(ctx, tx, after, { controller, door, parcel, actorId })))
    await update(tx, 'doors', door.id, { offer, since: now, alarm: null, alarmAt: null, ...sensorSince(door, found) })
    await appendHistory(tx, door.siteId, facts)
    after.changes({ siteId: door.siteId, doors: [door.id], parcels: inside.map(each => each.id) })
    return { id: door.id, offer }
  })
}

/** What a sensor said before is older than a look that says otherwise. */
export const sensorSince = ({ occupied }: Pick<DoorRow, 'occupied'>, found: Found): { occupied?: null } =>
  occupied === (found === 'empty') ? { occupied: null } : {}

type Looked = { controller: ControllerRow; parcel: ParcelRow; actorId: string }

/** The box is empty that it should lie in. */
export async function foundGone(
  ctx: Context,
  tx: Tx,
  after: After,
  { controller, parcel, actorId, at: endedAt }: Looked & { at: Date },
): Promise<Fact[]> {
  // the step may be the deposit's own: only the use of a code for it says that somebody collected
  const pickup = parcel.pickupGrantId ? await grantById(tx, parcel.pickupGrantId) : undefined
  const state = pickup?.usedAt || parcel.byDelegate ? 'collected' : 'cancelled'
  await update(tx, 'parcels', parcel.id, { state, endedAt, reason: 'found-empty' })
  const ended = await endPickups(ctx, tx, after, { controller, parcel, actorId })
  return [stateFact({ ...parcel, state }, endedAt, actorId), ...ended]
}

async function waitsAgain(
  ctx: Context,
  tx: Tx,
  after: After,
  { door, parcel: seen, ...by }: Looked & { door: DoorRow },
): Promise<Fact[]> {
  const now = ctx.now()
  // what it was laid beside is gone, or else that one would be the first of the box
  const parcel = { ...seen, doorId: door.id, joinedTo: null }
  const waits = { state: 'waiting', step: 'nothing', reason: null, byDelegate: false, joinedTo: null }
  await update(tx, 'parcels', parcel.id, { ...waits, placedAt: parcel.placedAt ?? now })
  const moved = [
    { ...parcel, state: 'waiting' as const },
    ...(await moveJoined(tx, after, parcel, { state: 'waiting' })),
  ]
  const facts = moved.map(each => stateFact(each, now, by.actorId))
  const { id: parcelId, residentId } = parcel
  await notify(tx, ctx, { kind: 'arrived', residentId, parcelId, number: now.getTime() })
  if (!parcel.pickupGrantId) return [...facts, await givePickup(ctx, tx, after, { ...by, parcel, door })]
  if (await hasFreshCode(tx, parcel, now)) return facts
  return [...facts, ...(await renewPickup(ctx, tx, after, { ...by, parcel }))]
}
