import type { SuspectReason } from '../../schema/api/suspects.ts'
import type { DeviceEvent, EventOf } from '../../schema/wire/events.ts'
import type { Cause } from '../../schema/wire/shapes.ts'
import { isId } from '../domain/ids.ts'
import { boltMoved, changeOrder, doorSaid, doorSeenOpen, type Told } from '../domain/openings.ts'
import { boxSaid } from '../domain/parcel-in-box.ts'
import { change, pairKey } from '../store/held.ts'
import type { Fact } from '../store/history.ts'
import type { DoorRow, GrantRow, OrderRow } from '../store/rows.ts'
import { doubtAtBoot } from './doubt.ts'
import type { Flight } from './flight.ts'

/** What one event changes. The fact that records it gets its references and, when it does not add up, why. */
export function applyEvent(flight: Flight, event: DeviceEvent, fact: Fact): void {
  const { held, controller, after } = flight
  const told: Told = { ...flight, fact, suspect: why => doubt(fact, why) }
  switch (event.type) {
    case 'grants-applied':
      if (event.version <= controller.grantsMade) change(held.controllers, controller, { grantsKnown: event.version })
      after.changes({ siteId: controller.siteId, controllers: [controller.id] })
      break
    case 'config-applied':
      change(held.controllers, controller, { configKnown: event.version })
      after.changes({ siteId: controller.siteId, controllers: [controller.id] })
      break
    case 'order-refused':
      orderRefused(told, event)
      break
    case 'code-refused':
      if (isId(event.grant)) fact.grantId = event.grant
      break
    case 'started':
      doubtAtBoot(flight, fact)
      break
    case 'clock-set':
      clockSet(flight, event, fact)
      break
    case 'keypad-locked':
      after.changes({ siteId: controller.siteId, attention: [`keypad-locked/${controller.id}#${event.keypad}`] })
      break
    case 'list-too-large':
    case 'sensors-muted':
    case 'message-refused':
    case 'tampered':
    case 'power':
      break
    default:
      atDoor(told, event)
  }
}

const tenYearsMs = 10 * 365 * 24 * 3_600_000

/** A clock that had no time at all moves by all of it: that is no clock that went wrong. */
function clockSet({ held, controller, after }: Flight, { by, clock }: EventOf<'clock-set'>, fact: Fact): void {
  const wrong = Math.abs(by) < tenYearsMs ? { clockSetBy: by, clockSetAt: fact.at } : {}
  change(held.controllers, controller, { clock, ...wrong })
  after.changes({ siteId: controller.siteId, controllers: [controller.id] })
}

/** The first reason stays. */
function doubt(fact: Fact, why: SuspectReason): void {
  fact.suspect ??= why
}

type AtDoor = Extract<DeviceEvent, { door: number }>

function atDoor(told: Told, event: AtDoor): void {
  const { held, controller, fact, suspect } = told
  const door = held.doors.byKey.get(pairKey(controller.id, event.door))
  if (!door) {
    suspect('door-unknown')
    return
  }
  fact.doorId = door.id
  const { grant, order } = 'cause' in event && event.cause ? causeOf(told, event.cause, door) : {}
  doorSaid(told, door, event)
  switch (event.type) {
    case 'accepted':
      if (order && !order.acceptedAt) changeOrder(told, order, { acceptedAt: fact.at })
      break
    case 'unlocked':
      boltMoved(told, { grant, order, clockSet: event.clock !== 'none' })
      break
    case 'opened':
      doorSeenOpen(told, door)
      break
    case 'jammed':
      if (order && !order.unlockedAt) changeOrder(told, order, { state: 'refused', refusedReason: 'jammed' })
      break
    case 'mode-changed':
      if (order) changeOrder(told, order, { state: 'done' })
      break
    case 'closed':
    case 'occupied':
    case 'vacant':
    case 'forced':
    case 'held-open':
    case 'exit-requested':
      break
    default:
      event satisfies never
  }
  boxSaid(told, { door, type: event.type, grant })
}

function causeOf({ held, controller, fact, suspect }: Told, cause: Cause, door: DoorRow) {
  const grant = own(held.grants.byKey.get(cause.grant), controller.id)
  if (grant) {
    fact.grantId = grant.id
    fact.parcelId = grant.parcelId
    if (grant.doorId !== door.id) suspect('grant-of-another-door')
  } else suspect('grant-unknown')
  const order = cause.order === undefined ? undefined : own(held.orders.byKey.get(cause.order), controller.id)
  if (order) fact.orderId = order.id
  else if (cause.order !== undefined) suspect('order-unknown')
  return { grant, order }
}

function orderRefused(told: Told, event: { order: string; reason: string }): void {
  const { held, controller, fact, suspect } = told
  const order = own(held.orders.byKey.get(event.order), controller.id)
  if (!order) {
    suspect('order-unknown')
    return
  }
  Object.assign(fact, { orderId: order.id, grantId: order.grantId, doorId: order.doorId })
  // a copy of an order that was obeyed: told beside what it did
  const obeyed = order.state === 'done' || event.reason === 'repeated'
  changeOrder(told, order, { ...(obeyed ? {} : { state: 'refused' }), refusedReason: event.reason })
}

/** What a device names may belong to another one. */
const own = <T extends GrantRow | OrderRow>(row: T | undefined, controllerId: string): T | undefined =>
  row?.controllerId === controllerId ? row : undefined
