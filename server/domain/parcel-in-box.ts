import type { DeviceEvent } from '../../schema/wire/events.ts'
import { revokeUnused } from '../store/grants.ts'
import { change } from '../store/held.ts'
import type { DoorRow, GrantRow, ParcelRow } from '../store/rows.ts'
import { stateFact } from './hold-parcel.ts'
import { notify } from './notices.ts'
import type { Told } from './openings.ts'
import { isOffered, type Opener, type ParcelEvent, parcelStep } from './parcel-rules.ts'

type AtBox = { door: DoorRow; type: DeviceEvent['type']; grant: GrantRow | undefined }

/** What an event at a door means for the parcel in the box, and for the box. */
export function boxSaid(told: Told, { door, type, grant }: AtBox): void {
  if (door.kind !== 'compartment') return
  const { held, after, fact, suspect } = told
  const parcel = grant?.parcelId ? held.parcels.byKey.get(grant.parcelId) : held.parcelAt.get(door.id)
  const mine = parcel?.doorId === door.id ? parcel : undefined
  const step = stepOf(type, mine, grant)
  if (!step) return
  if (mine) {
    fact.parcelId = mine.id
    const before = mine.state
    const outcome = parcelStep(mine, door, step, fact.at)
    if (outcome.suspect) suspect(outcome.suspect)
    const opener = step.type === 'unlocked' && step.by === 'pickup' ? { byDelegate: grant?.purpose === 'delegate' } : {}
    change(held.parcels, mine, { ...outcome.parcel, ...opener })
    // what a caretaker took out of service stays so, whatever is told of it
    if (outcome.offer && outcome.offer !== door.offer && door.offer !== 'retired')
      change(held.doors, door, { offer: outcome.offer, since: fact.receivedAt })
    after.changes({ siteId: door.siteId, doors: [door.id], parcels: [mine.id] })
    if (mine.state !== before) {
      const { live = true, receivedAt } = fact
      const by = mine.state === 'collected' && mine.byDelegate ? { facts: { by: 'delegate' } } : {}
      for (const moved of [mine, ...joinedFollow(told, mine, before)])
        told.facts.push({ ...stateFact(moved, fact.at, null), ...by, live, receivedAt })
      if (mine.state === 'collected') {
        if (mine.byDelegate) tellResident(told, mine)
        endOtherWay(told, mine)
      }
    }
  }
  boxWithout(told, { door, type, grant }, mine)
}

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
  const moved = (held.joined.get(id) ?? []).filter(each => each.state === before)
  for (const each of moved) change(held.parcels, each, { state, unconfirmed, endedAt })
  after.changes({ siteId, parcels: moved.map(each => each.id) })
  return moved
}

/**
 * A deposit may have had several orders for one box, each with a grant of its own: the purpose says whose it is. A delegate's
 * code that was taken back and used all the same, at a bank that did not know, collected it all the same.
 */
function roleOf(parcel: ParcelRow, { id, purpose, parcelId }: GrantRow): Opener {
  if (purpose === 'placing' || purpose === 'taking') return purpose
  return id === parcel.pickupGrantId || (purpose === 'delegate' && parcelId === parcel.id) ? 'pickup' : 'other'
}

function tellResident({ held, fact }: Told, { residentId, id: parcelId }: ParcelRow): void {
  const at = { now: () => fact.receivedAt }
  const number = fact.at.getTime()
  held.also.push(tx => notify(tx, at, { kind: 'collected-by-delegate', residentId, parcelId, number }))
}

/** Of the two codes for one parcel the first that collects it ends the other. */
function endOtherWay(told: Told, parcel: ParcelRow): void {
  const { held, controller, facts, after, fact } = told
  const { delegateGrantId, pickupGrantId, doorId, siteId, id: parcelId } = parcel
  if (!delegateGrantId) return
  const grantId = parcel.byDelegate ? pickupGrantId! : delegateGrantId
  change(held.parcels, parcel, { delegateGrantId: null })
  const { receivedAt } = fact
  const version = Math.max(controller.grantsMade + 1, receivedAt.getTime())
  const revoked = { revokedAt: receivedAt, revokedVersion: version }
  const row = held.grants.byKey.get(grantId)
  if (row?.usedAt || row?.revokedAt) return
  if (row) change(held.grants, row, revoked)
  else held.also.push(tx => revokeUnused(tx, grantId, revoked))
  change(held.controllers, controller, { grantsMade: version })
  after.device({ grants: controller.id })
  after.changes({ siteId, controllers: [controller.id] })
  const about = { controllerId: controller.id, doorId, parcelId, grantId }
  facts.push({ type: 'grant-revoked', at: receivedAt, receivedAt, ...about, facts: { version } })
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
