import type { SuspectReason } from '../../schema/api/suspects.ts'
import type { DeviceEvent } from '../../schema/wire/events.ts'
import type { After } from '../context.ts'
import { change, type Held } from '../store/held.ts'
import type { Fact } from '../store/history.ts'
import type { ControllerRow, DoorRow, GrantRow, OrderRow } from '../store/rows.ts'
import { alarmAfter } from './door-alarms.ts'
import { isOffered } from './parcel-rules.ts'

/** One thing a device told: the rows it is about, the fact that records it, and what makes it suspect. */
export type Told = {
  held: Held
  controller: ControllerRow
  facts: Fact[]
  after: After
  fact: Fact
  suspect(why: SuspectReason): void
}

const sensed: Partial<Record<DeviceEvent['type'], DoorRow['state']>> = {
  ...{ unlocked: 'unlocked', opened: 'open', forced: 'open', 'held-open': 'open', closed: 'closed', jammed: 'jammed' },
}

/** The door's state is what its sensors said last. */
export function doorSaid({ held, after, fact }: Told, door: DoorRow, event: DeviceEvent): void {
  const patch: Partial<DoorRow> = {}
  const state = sensed[event.type]
  // a bolt that moves does not shut a door that stands open
  const stays = event.type === 'unlocked' && door.doorSensor && door.state === 'open'
  if (state && door.state !== state && !stays) patch.state = state
  // the device says again what is inside once the door is closed
  if ((event.type === 'opened' || event.type === 'forced') && door.occupancySensor) patch.occupied = null
  if (event.type === 'occupied' || event.type === 'vacant') {
    patch.occupied = event.type === 'occupied'
    if (!door.doorSensor) patch.state = 'closed'
  }
  if (event.type === 'mode-changed') patch.mode = event.mode
  // somebody with a mechanical key or a crowbar: only a look makes the box free again
  if (event.type === 'forced' && door.kind === 'compartment' && isOffered(door)) patch.offer = 'contested'
  if (patch.state || patch.mode || patch.offer) patch.since = fact.at
  Object.assign(patch, alarmAfter(door, event.type, { at: fact.at, live: fact.live === true }))
  change(held.doors, door, patch)
  after.changes({ siteId: door.siteId, doors: [door.id] })
}

export function changeOrder({ held, after }: Told, order: OrderRow, patch: Partial<OrderRow>): void {
  change(held.orders, order, patch)
  after.changes({ siteId: order.siteId, doors: [order.doorId], orders: [order.id] })
}

type Moved = { grant: GrantRow | undefined; order: OrderRow | undefined; clockSet: boolean }

/** The bolt moved: the use of the grant, by whichever way it was opened, and the end of the order that asked for it. */
export function boltMoved(told: Told, { grant, order, clockSet }: Moved): void {
  const { held, fact, suspect } = told
  if (grant) useGrant(told, grant)
  if (!order) return
  // a second margin: the device's clock is set over a network
  if (clockSet && fact.at.getTime() > order.deadlineAt.getTime() + 2_000) suspect('order-late')
  const unlockedAt = order.unlockedAt ?? fact.at
  const late = order.late || order.state === 'expired'
  const refusedReason = order.refusedReason === 'repeated' ? 'repeated' : null
  changeOrder(told, order, { state: 'done', refusedReason, unlockedAt, late })
  const last = held.lastUnlock.get(order.doorId)?.unlockedAt
  if (!last || last <= unlockedAt) held.lastUnlock.set(order.doorId, order)
}

function useGrant({ held, fact, suspect }: Told, grant: GrantRow): void {
  const at = fact.at.getTime()
  if (grant.revokedAt && at > grant.revokedAt.getTime()) suspect('grant-revoked')
  else if (at > grant.until.getTime() + 60_000 && grant.means !== 'order') suspect('grant-ended')
  // a use told later may have been earlier: another journal, or the server's own order
  if (grant.uses === 1 && grant.usedAt && Math.abs(at - grant.usedAt.getTime()) > grant.reopenMs + 10_000)
    suspect('grant-used-again')
  if (grant.uses === 1 && grant.usedAt && grant.means === 'order') suspect('grant-used-again')
  if (!grant.usedAt || grant.uses === 0)
    change(held.grants, grant, { usedAt: fact.at, usedRecordedAt: fact.receivedAt })
}

const openedWithinMs = 120_000

/** The order that unlocked the door last has led to its opening. */
export function doorSeenOpen(told: Told, door: DoorRow): void {
  const { held, fact } = told
  const order = held.lastUnlock.get(door.id)
  if (!order || order.openedAt || fact.at.getTime() - order.unlockedAt!.getTime() > openedWithinMs) return
  fact.orderId = order.id
  fact.grantId = order.grantId
  changeOrder(told, order, { openedAt: fact.at })
}
