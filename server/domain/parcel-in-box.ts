import type { DeviceEvent } from '../../schema/wire/events.ts'
import { revokeUnused } from '../store/grants.ts'
import { change } from '../store/held.ts'
import type { DoorRow, GrantRow, ParcelRow } from '../store/rows.ts'
import { stateFact } from './hold-parcel.ts'
import { notify } from './notices.ts'
import type { Told } from './openings.ts'
import { goesWith, isOffered, type Opener, type ParcelEvent, parcelStep } from './parcel-rules.ts'

type AtBox = { door: DoorRow; type: DeviceEvent['type']; grant: GrantRow | undefined }

/** What an event at a door means for the parcel in the box, and for the box. */
export function boxSaid(told: Told, { door, type, grant }: AtBox): void {
  if (door.kind !== 'compartment') return
  const { held, fact } = told
  const parcel = grant?.parcelId ? held.parcels.byKey.get(grant.parcelId) : held.parcelAt.get(door.id)
  const mine = parcel?.doorId === door.id ? parcel : undefined
  const step = stepOf(type, mine, grant)
  if (!step) return
  if (mine) {
    fact.parcelId = mine.id
    parcelSaid(told, { parcel: mine, door, step, grant })
    // its resident may stand there as well, while a courier lays another one beside it
    const first = held.firstAt.get(door.id)
    if (first && first !== mine && (type === 'opened' || type === 'closed'))
      parcelSaid(told, { parcel: first, door, step, grant })
  }
  // opened by whoever had it before: it is not as it was for the courier either
  const courier = held.parcelAt.get(door.id)
  if (type === 'unlocked' && courier?.state === 'placing' && courier !== mine)
    parcelSaid(told, { parcel: courier, door, step: { type, by: 'other' }, grant })
  boxWithout(told, { door, type, grant }, mine)
}

type Said = { parcel: ParcelRow; door: DoorRow; step: ParcelEvent; grant: GrantRow | undefined }

function parcelSaid(told: Told, { parcel, door, step, grant }: Said): void {
  const { held, after, fact, suspect } = told
  const before = parcel.state
  const outcome = parcelStep(parcel, door, step, fact.at)
  if (outcome.suspect) suspect(outcome.suspect)
  const opener =
    step.type === 'unlocked' && step.by === 'pickup' && grant
      ? { byDelegate: grant.purpose === 'delegate', usedGrantId: grant.id }
      : {}
  change(held.parcels, parcel, { ...outcome.parcel, ...opener })
  // the box is the courier's who is there; and what a caretaker took out of service stays so, whatever is told of it
  const isCouriers = outcome.parcel.state === 'collected' && held.firstAt.get(door.id) === parcel
  const offer = outcome.offer && contestedBeside(told, parcel, before) ? 'contested' : outcome.offer
  if (offer && offer !== door.offer && door.offer !== 'retired' && !isCouriers)
    change(held.doors, door, { offer, since: fact.receivedAt })
  after.changes({ siteId: door.siteId, doors: [door.id], parcels: [parcel.id] })
  if (parcel.state === before) return
  const { live = true, receivedAt } = fact
  const by = parcel.state === 'collected' && parcel.byDelegate ? { facts: { by: 'delegate' } } : {}
  for (const moved of [parcel, ...joinedFollow(told, parcel, before)])
    told.facts.push({ ...stateFact(moved, fact.at, null), ...by, live, receivedAt })
  if (parcel.state !== 'collected') return
  if (parcel.byDelegate) tellResident(told, parcel)
  endOtherWays(told, parcel)
}

/** Another one in the box is contested for itself, and does not follow this one. */
const contestedBeside = ({ held }: Told, { id }: ParcelRow, before: ParcelRow['state']): boolean =>
  (held.joined.get(id) ?? []).some(
    each => each.state === 'contested' && !goesWith({ state: before, endedAt: null }, each),
  )

function stepOf(
  type: DeviceEvent['type'],
  parcel: ParcelRow | undefined,
  grant: GrantRow | undefined,
): ParcelEvent | null {
  if (type === 'unlocked') return { type, by: !parcel || !grant ? 'other' : roleOf(parcel, grant) }
  const seen = ['opened', 'forced', 'closed', 'occupied', 'vacant'] as const
  return seen.some(each => each === type) ? { type: type as (typeof seen)[number] } : null
}

/** What was laid beside a parcel shares its code, so it shares what becomes of it. */
function joinedFollow({ held, after }: Told, first: ParcelRow, before: ParcelRow['state']): ParcelRow[] {
  const { id, siteId, state, unconfirmed, endedAt } = first
  const moved = (held.joined.get(id) ?? []).filter(each => goesWith({ state: before, endedAt: null }, each))
  for (const each of moved) change(held.parcels, each, { state, unconfirmed, endedAt, reason: null })
  after.changes({ siteId, parcels: moved.map(each => each.id) })
  return moved
}

/**
 * A deposit may have had several orders for one box, each with a grant of its own: the purpose says whose it is. A delegate's
 * code or a badge that was taken back and used all the same, at a bank that did not know, collected it all the same.
 */
function roleOf(parcel: ParcelRow, { id, purpose, means, parcelId }: GrantRow): Opener {
  if (purpose === 'placing' || purpose === 'taking') return purpose
  return id === parcel.pickupGrantId || ((purpose === 'delegate' || means === 'badge') && parcelId === parcel.id)
    ? 'pickup'
    : 'other'
}

function tellResident({ held, fact }: Told, { residentId, id: parcelId }: ParcelRow): void {
  const at = { now: () => fact.receivedAt }
  const number = fact.at.getTime()
  held.also.push(tx => notify(tx, at, { kind: 'collected-by-delegate', residentId, parcelId, number }))
}

/** Of the code, the delegate's and the badge for one parcel the first that collects it ends the others. */
function endOtherWays(told: Told, parcel: ParcelRow): void {
  const { held, controller, facts, after, fact } = told
  const { delegateGrantId, badgeGrantId, pickupGrantId, usedGrantId, doorId, siteId, id: parcelId } = parcel
  if (!delegateGrantId && !badgeGrantId) return
  change(held.parcels, parcel, { delegateGrantId: null, badgeGrantId: null })
  const { receivedAt } = fact
  const version = Math.max(controller.grantsMade + 1, receivedAt.getTime())
  const revoked = { revokedAt: receivedAt, revokedVersion: version }
  for (const grantId of [pickupGrantId, delegateGrantId, badgeGrantId]) {
    if (!grantId || grantId === usedGrantId) continue
    const row = held.grants.byKey.get(grantId)
    if (row?.usedAt || row?.revokedAt) continue
    if (row) change(held.grants, row, revoked)
    else held.also.push(tx => revokeUnused(tx, grantId, revoked))
    change(held.controllers, controller, { grantsMade: version })
    after.device({ grants: controller.id })
    after.changes({ siteId, controllers: [controller.id] })
    const about = { controllerId: controller.id, doorId, parcelId, grantId }
    facts.push({ type: 'grant-revoked', at: receivedAt, receivedAt, ...about, facts: { version } })
  }
}

/** A free box that was opened for another reason: nobody knows what is in it until the sensor or somebody says. */
function boxWithout({ held }: Told, { door, type, grant }: AtBox, parcel: ParcelRow | undefined): void {
  let offer: DoorRow['offer'] | undefined
  const owned = parcel && grant && roleOf(parcel, grant) !== 'other'
  if ((type === 'unlocked' || type === 'opened') && !owned && door.offer === 'free') offer = 'unchecked'
  if (type === 'vacant' && door.offer === 'unchecked') offer = 'free'
  if (type === 'occupied' && isOffered(door)) offer = 'contested'
  if (offer) change(held.doors, door, { offer })
}
