import type { DeviceEvent } from '../../schema/wire/events.ts'
import { change } from '../store/held.ts'
import type { DoorRow, GrantRow, ParcelRow } from '../store/rows.ts'
import type { Told } from './openings.ts'
import { isOffered, type ParcelEvent, parcelStep } from './parcel-rules.ts'
import { stateFact } from './parcels.ts'

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
    change(held.parcels, mine, outcome.parcel)
    // what a caretaker took out of service stays so, whatever is told of it
    if (outcome.offer && outcome.offer !== door.offer && door.offer !== 'retired')
      change(held.doors, door, { offer: outcome.offer, since: fact.receivedAt })
    after.changes({ siteId: door.siteId, doors: [door.id], parcels: [mine.id] })
    if (mine.state !== before)
      told.facts.push({ ...stateFact(mine, fact.at, null), live: fact.live ?? true, receivedAt: fact.receivedAt })
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

const roleOf = (parcel: ParcelRow, grant: GrantRow): 'placing' | 'pickup' | 'other' =>
  grant.id === parcel.placingGrantId ? 'placing' : grant.id === parcel.pickupGrantId ? 'pickup' : 'other'

/** A free box that was opened for another reason: nobody knows what is in it until the sensor or somebody says. */
function boxWithout({ held }: Told, { door, type, grant }: AtBox, parcel: ParcelRow | undefined): void {
  let offer: DoorRow['offer'] | undefined
  const owned = parcel && (grant?.id === parcel.pickupGrantId || grant?.id === parcel.placingGrantId)
  if ((type === 'unlocked' || type === 'opened') && !owned && door.offer === 'free') offer = 'unchecked'
  if (type === 'vacant' && door.offer === 'unchecked') offer = 'free'
  if (type === 'occupied' && isOffered(door)) offer = 'contested'
  if (offer) change(held.doors, door, { offer })
}
