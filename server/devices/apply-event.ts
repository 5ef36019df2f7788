import type { DeviceEvent } from '../../schema/wire/events.ts'
import type { Cause } from '../../schema/wire/shapes.ts'
import type { Context } from '../context.ts'
import { isId } from '../domain/ids.ts'
import { isOffered, type ParcelEvent, parcelStep } from '../domain/parcel-rules.ts'
import { applyOutcome } from '../domain/parcels.ts'
import type { Fact } from '../store/history.ts'
import { type DoorRow, type GrantRow, type OrderRow, type ParcelRow, update } from '../store/rows.ts'
import { doubtAtBoot } from './doubt.ts'
import type { Flight } from './inbox.ts'

/** What one event changes. The fact that records it gets its references and, when it does not add up, why. */
export async function applyEvent(ctx: Context, flight: Flight, event: DeviceEvent, fact: Fact): Promise<void> {
  const suspect = (why: string) => {
    fact.suspect ??= why
  }
  const { tx, controller, after } = flight
  if (event.type === 'grants-applied') {
    if (event.version <= controller.grantsMade) {
      controller.grantsKnown = event.version
      await update(tx, 'controllers', controller.id, { grantsKnown: event.version })
    }
    return after.changes({ siteId: controller.siteId, controllers: [controller.id] })
  }
  if (event.type === 'config-applied') {
    await update(tx, 'controllers', controller.id, { configKnown: event.version })
    return after.changes({ siteId: controller.siteId, controllers: [controller.id] })
  }
  if (event.type === 'started') return doubtAtBoot(flight, fact)
  if (event.type === 'order-refused') return orderRefused(flight, event, fact, suspect)
  if (event.type === 'code-refused') {
    if (isId(event.grant)) fact.grantId = event.grant
    return
  }
  if (!('door' in event)) return
  const [door] = await tx<
    DoorRow[]
  >`select * from doors where controller_id = ${controller.id} and door = ${event.door}`
  if (!door) return suspect('door is not known')
  fact.doorId = door.id
  const cause = 'cause' in event ? event.cause : undefined
  const known = cause ? await causeOf(flight, cause, door, fact, suspect) : {}
  await doorState(flight, door, event, fact)
  if (event.type === 'opened') await orderOpened(flight, door, fact)
  if (event.type === 'accepted' && known.order && !known.order.acceptedAt)
    await changeOrder(flight, known.order, { acceptedAt: fact.at })
  if (event.type === 'jammed' && known.order && !known.order.unlockedAt)
    await changeOrder(flight, known.order, { state: 'refused', refusedReason: 'jammed' })
  if (event.type === 'mode-changed' && known.order) await changeOrder(flight, known.order, { state: 'done' })
  if (event.type === 'unlocked') {
    if (known.grant) await useGrant(flight, known.grant, fact, suspect)
    if (known.order) await orderDone(flight, known.order, event.clock !== 'none', fact, suspect)
  }
  await parcelAt(ctx, flight, { door, event, fact, suspect, grant: known.grant })
}

type Suspect = (why: string) => void
type Known = { grant?: GrantRow | undefined; order?: OrderRow | undefined }

async function causeOf(
  { tx, controller }: Flight,
  cause: Cause,
  door: DoorRow,
  fact: Fact,
  suspect: Suspect,
): Promise<Known> {
  const found: Known = {}
  if (isId(cause.grant)) {
    const [grant] = await tx<
      GrantRow[]
    >`select * from grants where id = ${cause.grant} and controller_id = ${controller.id}`
    if (grant) {
      found.grant = grant
      fact.grantId = grant.id
      fact.parcelId = grant.parcelId
      if (grant.doorId !== door.id) suspect('the grant is for another door')
    }
  }
  if (!found.grant) suspect('grant is not known')
  if (isId(cause.order)) {
    const [order] = await tx<
      OrderRow[]
    >`select * from orders where id = ${cause.order} and controller_id = ${controller.id}`
    if (order) {
      found.order = order
      fact.orderId = order.id
    }
  }
  if (cause.order !== undefined && !found.order) suspect('order is not known')
  return found
}

const sensed: Partial<Record<DeviceEvent['type'], DoorRow['state']>> = {
  ...{ unlocked: 'unlocked', opened: 'open', forced: 'open', 'held-open': 'open', closed: 'closed', jammed: 'jammed' },
}

async function doorState({ tx, after }: Flight, door: DoorRow, event: DeviceEvent, fact: Fact): Promise<void> {
  const patch: Partial<DoorRow> = {}
  const state = sensed[event.type]
  if (state && door.state !== state) patch.state = state
  // the device says again what is inside once the door is closed
  if (event.type === 'opened' && door.occupancySensor) patch.occupied = null
  if (event.type === 'occupied' || event.type === 'vacant') {
    patch.occupied = event.type === 'occupied'
    if (!door.doorSensor) patch.state = 'closed'
  }
  if (event.type === 'mode-changed') patch.mode = event.mode
  // somebody with a mechanical key or a crowbar: only a look makes the box free again
  if (event.type === 'forced' && door.kind === 'compartment' && isOffered(door)) patch.offer = 'contested'
  if (patch.state || patch.mode || patch.offer) patch.since = fact.at
  await update(tx, 'doors', door.id, patch)
  Object.assign(door, patch)
  after.changes({ siteId: door.siteId, doors: [door.id] })
}

async function changeOrder({ tx, after }: Flight, order: OrderRow, patch: Partial<OrderRow>): Promise<void> {
  await update(tx, 'orders', order.id, patch)
  Object.assign(order, patch)
  after.changes({ siteId: order.siteId, doors: [order.doorId], orders: [order.id] })
}

async function orderDone(
  flight: Flight,
  order: OrderRow,
  clockSet: boolean,
  fact: Fact,
  suspect: Suspect,
): Promise<void> {
  // a second margin: the device's clock is set over a network
  if (clockSet && fact.at.getTime() > order.deadlineAt.getTime() + 2_000)
    suspect('opened after the deadline of the order')
  const late = order.late || order.state === 'expired'
  await changeOrder(flight, order, {
    state: 'done',
    refusedReason: order.refusedReason === 'repeated' ? 'repeated' : null,
    unlockedAt: order.unlockedAt ?? fact.at,
    late,
  })
}

async function orderOpened(flight: Flight, door: DoorRow, fact: Fact): Promise<void> {
  const [order] = await flight.tx<OrderRow[]>`
    select * from orders where door_id = ${door.id} and unlocked_at is not null order by unlocked_at desc limit 1`
  if (!order || order.openedAt || fact.at.getTime() - order.unlockedAt!.getTime() > 120_000) return
  fact.orderId = order.id
  fact.grantId = order.grantId
  await changeOrder(flight, order, { openedAt: fact.at })
}

async function orderRefused(flight: Flight, event: { order: string; reason: string }, fact: Fact, suspect: Suspect) {
  if (!isId(event.order)) return suspect('order is not known')
  const { tx, controller } = flight
  const [order] = await tx<
    OrderRow[]
  >`select * from orders where id = ${event.order} and controller_id = ${controller.id}`
  if (!order) return suspect('order is not known')
  Object.assign(fact, { orderId: order.id, grantId: order.grantId, doorId: order.doorId })
  // a copy of an order that was obeyed: told beside what it did
  const obeyed = order.state === 'done' || event.reason === 'repeated'
  await changeOrder(flight, order, { ...(obeyed ? {} : { state: 'refused' }), refusedReason: event.reason })
}

/** The use of a grant is booked at `unlocked`, by whichever way it was opened. */
async function useGrant({ tx }: Flight, grant: GrantRow, fact: Fact, suspect: Suspect): Promise<void> {
  const at = fact.at.getTime()
  if (grant.revokedAt && at > grant.revokedAt.getTime()) suspect('the grant had been revoked')
  else if (at > grant.until.getTime() + 60_000 && grant.means !== 'order') suspect('the grant had ended')
  // a use told later may have been earlier: another journal, or the server's own order
  if (grant.uses === 1 && grant.usedAt && Math.abs(at - grant.usedAt.getTime()) > grant.reopenMs + 10_000)
    suspect('the grant was used again')
  if (grant.uses === 1 && grant.usedAt && grant.means === 'order') suspect('the grant was used again')
  if (!grant.usedAt || grant.uses === 0) {
    await update(tx, 'grants', grant.id, { usedAt: fact.at, usedRecordedAt: fact.receivedAt })
    Object.assign(grant, { usedAt: fact.at, usedRecordedAt: fact.receivedAt })
  }
}

type AtDoor = { door: DoorRow; event: DeviceEvent; fact: Fact; suspect: Suspect; grant: GrantRow | undefined }
const moves = ['unlocked', 'opened', 'closed', 'occupied', 'vacant']

/** What it means for the parcel in the box, and for the box. */
async function parcelAt(ctx: Context, flight: Flight, { door, event, fact, suspect, grant }: AtDoor): Promise<void> {
  if (door.kind !== 'compartment' || !moves.includes(event.type)) return
  const { tx, controller, after } = flight
  const [parcel] = await tx<ParcelRow[]>`
    select * from parcels where ${grant?.parcelId ? tx`id = ${grant.parcelId}` : tx`door_id = ${door.id}`}
    order by made_at desc limit 1`
  const step: ParcelEvent =
    event.type === 'unlocked'
      ? { type: 'unlocked', by: !parcel || !grant ? 'other' : roleOf(parcel, grant) }
      : { type: event.type as 'opened' | 'closed' | 'occupied' | 'vacant' }
  const mine = parcel && parcel.doorId === door.id
  if (parcel && mine) {
    fact.parcelId = parcel.id
    const outcome = parcelStep(parcel, door, step, fact.at)
    if (outcome.suspect) suspect(outcome.suspect)
    const facts = await applyOutcome(ctx, tx, after, { controller, parcel, door }, outcome)
    for (const each of facts)
      flight.facts.push({ ...each, live: fact.live ?? true, at: fact.at, receivedAt: fact.receivedAt })
    if (outcome.offer) door.offer = outcome.offer
  }
  await boxWithout(flight, door, event, mine ? parcel : undefined, grant)
}

const roleOf = (parcel: ParcelRow, grant: GrantRow): 'placing' | 'pickup' | 'other' =>
  grant.id === parcel.placingGrantId ? 'placing' : grant.id === parcel.pickupGrantId ? 'pickup' : 'other'

/** A free box that was opened for another reason: nobody knows what is in it until the sensor or somebody says. */
async function boxWithout(
  { tx }: Flight,
  door: DoorRow,
  event: DeviceEvent,
  parcel: ParcelRow | undefined,
  grant: GrantRow | undefined,
) {
  let offer: DoorRow['offer'] | undefined
  const owned = parcel && (grant?.id === parcel.pickupGrantId || grant?.id === parcel.placingGrantId)
  if (event.type === 'unlocked' && !owned && door.offer === 'free') offer = 'unchecked'
  if (event.type === 'vacant' && door.offer === 'unchecked') offer = 'free'
  if (event.type === 'occupied' && isOffered(door)) offer = 'contested'
  if (!offer) return
  await update(tx, 'doors', door.id, { offer })
  door.offer = offer
}
