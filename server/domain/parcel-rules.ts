import type { SuspectReason } from '../../schema/api/suspects.ts'
import type { DoorRow, ParcelRow } from '../store/rows.ts'

export type Offer = DoorRow['offer']
export type ParcelNow = Pick<ParcelRow, 'state' | 'step' | 'offerBefore' | 'notSeen'> &
  Partial<Pick<ParcelRow, 'reason' | 'placedAt' | 'endedAt'>>
export type DoorNow = Pick<DoorRow, 'doorSensor' | 'occupancySensor' | 'offer' | 'occupied' | 'state'>

/** by whose grant: the deposit's, the resident's, the carrier's who takes it back */
export type Opener = 'placing' | 'pickup' | 'taking' | 'other'

export type ParcelEvent =
  | { type: 'unlocked'; by: Opener }
  | { type: 'opened' }
  | { type: 'forced' }
  | { type: 'closed' }
  | { type: 'occupied' }
  | { type: 'vacant' }
  | { type: 'deposited' }
  | { type: 'cancel'; orderOver: boolean }
  | { type: 'timeout'; orderOver: boolean }
  | { type: 'overdue' }
  | { type: 'deadline-moved' }
  /** its resident says so; `last`: nothing was put into its box since */
  | { type: 'not-mine'; last: boolean }
  | { type: 'taken' }
  | { type: 'not-there' }

export type Outcome = {
  parcel: Partial<
    Pick<ParcelRow, 'state' | 'step' | 'notSeen' | 'unconfirmed' | 'openedAt' | 'placedAt' | 'endedAt' | 'reason'>
  >
  offer?: Offer
  refused?: string
  suspect?: SuspectReason
}

const inside: ParcelRow['state'][] = ['waiting', 'expired']
const takenOut: ParcelRow['step'][] = ['taking', 'took']

/** The life of a parcel: what one event makes of it and of the box it lies in. Nothing else changes a parcel's state. */
export function parcelStep(parcel: ParcelNow, door: DoorNow, event: ParcelEvent, at: Date): Outcome {
  switch (event.type) {
    case 'unlocked':
      return unlocked(parcel, door, event.by, at)
    case 'opened':
    case 'forced':
      return opened(parcel, event.type, at)
    case 'closed':
      return closed(parcel, door, at)
    case 'occupied':
    case 'vacant':
      return isBefore(parcel, at) ? { parcel: {} } : contents(parcel, door, event.type)
    case 'deposited':
      return deposited(parcel, door, at)
    case 'cancel':
    case 'timeout':
      return away(parcel, door, event, at)
    case 'not-mine':
      return notMine(parcel, door, event.last)
    case 'overdue':
      return parcel.state === 'waiting' ? { parcel: { state: 'expired' } } : { parcel: {} }
    case 'deadline-moved':
      return parcel.state === 'expired' ? { parcel: { state: 'waiting' } } : { parcel: {} }
    case 'taken':
    case 'not-there':
      return takenBack(parcel, door, event.type, at)
    default:
      event satisfies never
      return { parcel: {} }
  }
}

function unlocked(parcel: ParcelNow, door: DoorNow, by: Opener, at: Date): Outcome {
  // the door stands open already: the next that its sensor says is that it was shut
  const isOpen = parcel.step === 'opened' || (door.doorSensor && door.state === 'open')
  const step = isOpen ? 'opened' : 'unlocked'
  if (by === 'taking') {
    if (parcel.state === 'expired') return { parcel: { step: 'taking', openedAt: at } }
    return { parcel: {}, offer: 'contested', suspect: 'taking-ended' }
  }
  // a box opened in another way meanwhile is not as it was either
  const meanwhile = by === 'other' && parcel.state === 'placing' && parcel.step === 'nothing'
  if (by === 'other' && !meanwhile) return { parcel: {} }
  if (by === 'placing' || meanwhile) {
    if (parcel.state !== 'placing') return { parcel: {}, offer: 'contested', suspect: 'deposit-ended' }
    return { parcel: { step, ...(door.doorSensor && !isOpen ? {} : { openedAt: at }) } }
  }
  if (parcel.state === 'collected') return { parcel: { step }, ...(isOffered(door) ? { offer: 'in-use' } : {}) }
  if (!inside.includes(parcel.state) && parcel.state !== 'contested')
    return { parcel: {}, offer: 'contested', suspect: 'parcel-ended' }
  if (door.doorSensor || isRefused(parcel)) return { parcel: { step } }
  return { parcel: { step, state: 'collected', unconfirmed: true, endedAt: at }, offer: 'unchecked' }
}

/** A box whose bolt had stayed back, or gave way, is not as it was either, though its courier's order was refused. */
function opened(parcel: ParcelNow, type: 'opened' | 'forced', at: Date): Outcome {
  if (parcel.state === 'placing' && parcel.step === 'nothing') return { parcel: { step: 'opened', openedAt: at } }
  if (type === 'forced' || parcel.step !== 'unlocked') return { parcel: {} }
  return { parcel: { step: 'opened', ...(parcel.state === 'placing' ? { openedAt: at } : {}) } }
}

function closed(parcel: ParcelNow, door: DoorNow, at: Date): Outcome {
  if (parcel.step === 'taking') return { parcel: { step: 'took' } }
  if (parcel.step !== 'opened') return { parcel: {} }
  if (parcel.state === 'placing') return { parcel: { step: 'closed' } }
  if (parcel.state === 'collected')
    return {
      parcel: { step: 'closed' },
      ...(door.offer === 'in-use' && !door.occupancySensor ? { offer: 'unchecked' as const } : {}),
    }
  if (isRefused(parcel) || (!inside.includes(parcel.state) && parcel.state !== 'contested'))
    return { parcel: { step: 'closed' } }
  return {
    parcel: { step: 'closed', state: 'collected', endedAt: at },
    offer: door.occupancySensor ? 'in-use' : 'unchecked',
  }
}

/** how far the clocks of device and server may lie apart unnoticed */
export const clocksDifferMs = 60_000

/** Of a time when this parcel was not in the box yet, or not taken out of it: told again by a flash that was put back. */
function isBefore({ state, placedAt, endedAt }: ParcelNow, at: Date): boolean {
  if (inside.includes(state)) return placedAt != null && at.getTime() < placedAt.getTime() - clocksDifferMs
  return state === 'collected' && endedAt != null && at < endedAt
}

/** What the occupancy sensor sees once the door is closed. */
function contents(parcel: ParcelNow, door: DoorNow, seen: 'occupied' | 'vacant'): Outcome {
  if (parcel.state === 'collected' && door.offer === 'in-use')
    return { parcel: {}, offer: seen === 'vacant' ? 'free' : 'contested' }
  if (parcel.state === 'collected' && door.offer === 'contested' && seen === 'vacant' && parcel.step === 'closed')
    return { parcel: {}, offer: 'free' }
  // taken at its box: a caretaker's word is not
  const isTaken = parcel.state === 'returned' && parcel.reason !== 'corrected'
  if (isTaken && door.offer === 'contested' && seen === 'vacant') return { parcel: {}, offer: 'free' }
  if (inside.includes(parcel.state) && seen === 'vacant' && !takenOut.includes(parcel.step))
    return { parcel: {}, offer: 'contested', suspect: 'not-collected' }
  return { parcel: {} }
}

function deposited(parcel: ParcelNow, door: DoorNow, at: Date): Outcome {
  if (parcel.state !== 'placing') return { parcel: {}, refused: 'not-placing' }
  if (parcel.step === 'nothing') return { parcel: {}, refused: 'not-opened' }
  if (door.doorSensor && parcel.step !== 'closed') return { parcel: {}, refused: 'door-open' }
  if (door.occupancySensor && door.occupied === false) {
    if (!parcel.notSeen) return { parcel: { notSeen: true }, refused: 'not-seen' }
    return { parcel: { state: 'contested', reason: 'not-seen', placedAt: at }, offer: 'contested' }
  }
  return { parcel: { state: 'waiting', step: 'nothing', placedAt: at }, offer: 'in-use' }
}

type Away = { type: 'cancel' | 'timeout'; orderOver: boolean }

/** A box whose door surely never moved goes back to what it was; after anything else somebody has to look. */
function away(parcel: ParcelNow, door: DoorNow, event: Away, at: Date): Outcome {
  // opened for the carrier, who went away without a word: it may be there or not
  if (event.type === 'timeout' && parcel.state === 'expired' && takenOut.includes(parcel.step))
    return { parcel: { state: 'contested', step: 'nothing', reason: 'not-said-taken' }, offer: 'contested' }
  if (parcel.state !== 'placing')
    return event.type === 'cancel' ? { parcel: {}, refused: 'not-placing' } : { parcel: {} }
  // contested meanwhile: somebody of before was told late to have opened it
  const doubted = door.offer === 'contested'
  const untouched = parcel.step === 'nothing' && event.orderOver && !doubted
  if (event.type === 'timeout' && !untouched)
    return { parcel: { state: 'contested', reason: 'no-deposit' }, offer: 'contested' }
  // beside another parcel: that one lies there, and the box was nobody's to offer before either
  const shut = parcel.offerBefore === 'in-use' && parcel.step === 'closed' && !doubted
  return { parcel: { state: 'cancelled', endedAt: at }, offer: untouched || shut ? parcel.offerBefore : 'contested' }
}

type Left = { orderOver: boolean; found: 'empty' | 'something' | undefined }

/**
 * The box that a courier leaves for another one: free when its sensor has seen it empty since it was shut, unchecked on
 * the courier's word alone, as it was when its door surely never moved. Otherwise somebody has to look.
 */
export function leftBox(parcel: ParcelNow, door: DoorNow, { orderOver, found }: Left, at: Date): Outcome {
  const left = away(parcel, door, { type: 'cancel', orderOver: orderOver && found !== 'something' }, at)
  if (left.offer !== 'contested' || found === 'something') return left
  // contested meanwhile by others, or another parcel lies in it anyway
  if (door.offer === 'contested' || parcel.offerBefore === 'in-use') return left
  const isOpen = parcel.step === 'opened' || (door.doorSensor && door.state === 'open')
  if (found === 'empty' && isOpen) return { parcel: {}, refused: 'door-open' }
  const isShut = !isOpen && (parcel.step === 'closed' || (parcel.step === 'unlocked' && !door.doorSensor))
  if (!isShut || door.occupied) return left
  if (door.occupied === false) return { ...left, offer: 'free' }
  return found === 'empty' ? { ...left, offer: 'unchecked' } : left
}

/** The carrier stands at the open box of an overdue parcel and says what is so. */
function takenBack(parcel: ParcelNow, door: DoorNow, said: 'taken' | 'not-there', at: Date): Outcome {
  if (parcel.state !== 'expired') return { parcel: {}, refused: 'not-overdue' }
  if (!takenOut.includes(parcel.step)) return { parcel: {}, refused: 'not-opened' }
  if (said === 'not-there')
    return { parcel: { state: 'contested', step: 'nothing', reason: 'not-there' }, offer: 'contested' }
  if (door.doorSensor && parcel.step !== 'took') return { parcel: {}, refused: 'door-open' }
  const seen = door.occupancySensor ? door.occupied : null
  // what it is contested for may lie in it still
  const unseen = door.offer === 'contested' ? 'contested' : 'unchecked'
  const offer = seen === null ? unseen : seen ? 'contested' : 'free'
  return { parcel: { state: 'returned', step: 'nothing', reason: null, endedAt: at }, offer }
}

type Beside = Pick<ParcelRow, 'state' | 'reason' | 'endedAt'>

/** What was laid beside a parcel goes on with it, unless it has ended or is contested for itself: then there is a reason. */
export const goesWith = (first: Pick<ParcelRow, 'state' | 'endedAt'>, beside: Beside): boolean =>
  beside.state === first.state &&
  beside.endedAt?.getTime() === first.endedAt?.getTime() &&
  (beside.state !== 'contested' || beside.reason === null)

/** Not theirs, they said: the door opened again may have been to put it back, and only a look tells. */
const isRefused = ({ state, reason }: ParcelNow): boolean => state === 'contested' && reason === 'not-mine'

/** Whose it is, and where it lies, only a look can tell: also when the door said that it was collected. */
function notMine(parcel: ParcelNow, door: DoorNow, last: boolean): Outcome {
  if (!inside.includes(parcel.state) && parcel.state !== 'collected' && parcel.state !== 'contested')
    return { parcel: {}, refused: 'not-in-a-box' }
  if (!last) return { parcel: {} }
  const offer = door.offer === 'retired' ? {} : { offer: 'contested' as const }
  return { parcel: { state: 'contested', reason: 'not-mine', endedAt: null }, ...offer }
}

export const isOffered = (door: Pick<DoorNow, 'offer'>): boolean => door.offer === 'free' || door.offer === 'unchecked'
