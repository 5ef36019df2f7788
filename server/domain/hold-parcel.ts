import type { After, Context } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { isBehind } from '../store/controllers.ts'
import type { Fact } from '../store/history.ts'
import { isContestedBeside, laidBeside, liveBeside, setJoined } from '../store/parcels.ts'
import {
  type ControllerRow,
  type DoorRow,
  doorById,
  lockController,
  type ParcelRow,
  parcelById,
  update,
} from '../store/rows.ts'
import { noticeOf, notify } from './notices.ts'
import { goesWith, type Outcome } from './parcel-rules.ts'

export const stateFact = (
  parcel: { id: string; doorId: string | null; state: ParcelRow['state'] | 'swap' },
  at: Date,
  actorId: string | null,
): Fact => ({
  type: `parcel-${parcel.state}`,
  at,
  receivedAt: at,
  parcelId: parcel.id,
  doorId: parcel.doorId,
  actorId,
})

/** Not while a restored copy is behind its bank: what was laid in or taken out since is in the events that are not in yet. */
export function mustBeCertain({ doubtfulUntil }: ControllerRow): void {
  if (doubtfulUntil !== null) throw new Refusal('doubtful')
}

/** Nor while the bank still has to tell what happened when it was away: the parcel may have been collected. */
export async function mustHaveTold(tx: Tx, controller: ControllerRow): Promise<void> {
  mustBeCertain(controller)
  if (await isBehind(tx, controller)) throw new Refusal('doubtful')
}

export type InBox = ParcelRow & { doorId: string }
export type HeldParcel = { controller: ControllerRow; parcel: InBox; door: DoorRow }

/** Locks the controller, then reads the parcel: what it was before the lock may have changed. */
export async function holdParcel(tx: Tx, id: string): Promise<HeldParcel> {
  for (;;) {
    const seen = await doorById(tx, (await inBox(tx, id)).doorId)
    const controller = await lockController(tx, seen.controllerId)
    const parcel = await inBox(tx, id)
    const door = await doorById(tx, parcel.doorId)
    if (door.controllerId !== controller.id) continue
    // what it was to be laid beside is gone: the box does not go back to being that one's
    if (parcel.state === 'placing' && parcel.offerBefore === 'in-use' && !(await liveBeside(tx, parcel)))
      parcel.offerBefore = 'unchecked'
    return { controller, parcel, door }
  }
}

async function inBox(tx: Tx, id: string): Promise<InBox> {
  const { doorId, ...parcel } = await parcelById(tx, id)
  if (doorId === null) throw new Refusal('on-shelf')
  return { ...parcel, doorId }
}

/** Writes what the rules said; the history of it is handed back, to be appended last. */
export async function applyOutcome(
  ctx: Context,
  tx: Tx,
  after: After,
  held: HeldParcel,
  outcome: Outcome,
): Promise<Fact[]> {
  const { parcel, door } = held
  await update(tx, 'parcels', parcel.id, outcome.parcel)
  const { state } = outcome.parcel
  const isMoved = state !== undefined && state !== parcel.state
  const beside = isMoved ? await moveJoined(tx, after, parcel, outcome.parcel) : []
  // of what lay beside it and is contested for itself nobody knows where it is
  const isOffer = outcome.offer === 'free' || outcome.offer === 'unchecked'
  const offer = isOffer && (await isContestedBeside(tx, parcel)) ? 'contested' : outcome.offer
  if (offer && offer !== door.offer) await update(tx, 'doors', door.id, { offer, since: ctx.now() })
  after.changes({ siteId: parcel.siteId, doors: [door.id], parcels: [parcel.id] })
  if (!isMoved) return []
  const kind = noticeOf(parcel.state, state)
  if (kind)
    await notify(tx, ctx, { kind, residentId: parcel.residentId, parcelId: parcel.id, number: ctx.now().getTime() })
  return [{ ...parcel, state }, ...beside].map(each => stateFact(each, ctx.now(), null))
}

/** What was laid beside a parcel goes on with it: the same state in the same transaction. */
export async function moveJoined(
  tx: Tx,
  after: After,
  first: ParcelRow,
  { state, endedAt = null }: Pick<Outcome['parcel'], 'state' | 'endedAt'>,
): Promise<ParcelRow[]> {
  if (state === undefined) return []
  const going = (await laidBeside(tx, first)).filter(each => goesWith(first, each))
  if (going.length === 0) return []
  const moved = await setJoined(
    tx,
    going.map(each => each.id),
    { state, endedAt },
  )
  after.changes({ siteId: first.siteId, parcels: moved.map(each => each.id) })
  return moved
}
