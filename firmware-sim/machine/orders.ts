import type { ModeOrder, OpenOrder, Order } from '../../schema/wire/down.ts'
import type { EventOf } from '../../schema/wire/events.ts'
import { acceptOpening } from './bolt.ts'
import { show } from './display.ts'
import { record } from './journal.ts'
import { hearRefuse, takeAsk } from './keypad.ts'
import type { DoorState } from './state.ts'
import { change, changeDoor, type Turn, upOf } from './turn.ts'

type Reason = EventOf<'order-refused'>['reason']

export function hearOrder(turn: Turn, order: Order, retained: boolean) {
  if (order.type === 'refuse') return retained ? undefined : hearRefuse(turn, order)
  const reason = whyNot(turn, order, retained)
  if (reason) return refuse(turn, order, reason)
  remember(turn, order)
  const door = turn.state.doors[order.door]
  if (!door || (order.type === 'mode' && kindOf(turn, order.door) !== 'room')) {
    return refuse(turn, order, 'unknown-door')
  }
  const asked = order.ask === undefined ? null : takeAsk(turn, order.ask)
  if (order.ask !== undefined && !asked) return refuse(turn, order, 'not-asked')
  if (order.type === 'mode') return setMode(turn, order)
  obeyOpen(turn, order, door, asked?.keypad)
}

const kindOf = (turn: Turn, door: number) => turn.state.setup.doors.find(each => each.door === door)?.kind

/** The wire facts that forbid an order whatever it asks for. */
function whyNot(turn: Turn, order: OpenOrder | ModeOrder, retained: boolean): Reason | null {
  if (retained) return 'retained'
  if (order.boot !== turn.state.boot) return 'wrong-boot'
  if (upOf(turn) > order.notAfterUp) return 'late'
  return order.order in turn.state.seenOrders ? 'repeated' : null
}

/** Remembered until the deadline, obeyed or not; after it the deadline itself refuses. */
function remember(turn: Turn, order: OpenOrder | ModeOrder) {
  const up = upOf(turn)
  const kept = Object.entries(turn.state.seenOrders).filter(([, until]) => until >= up)
  change(turn, { seenOrders: Object.fromEntries([...kept, [order.order, order.notAfterUp]]) })
}

function refuse(turn: Turn, order: OpenOrder | ModeOrder, reason: Reason) {
  record(turn, { type: 'order-refused', order: order.order, reason })
}

function obeyOpen(turn: Turn, order: OpenOrder, door: DoorState, keypad: number | undefined) {
  // only rooms have modes and couriers open no rooms: what nobody at a keypad asked for is a caretaker's
  if (door.mode.mode === 'locked' && keypad !== undefined) {
    refuse(turn, order, 'locked')
    return show(turn, keypad, { result: 'refused', reason: 'door-out-of-service' })
  }
  const trouble = acceptOpening(turn, {
    door: order.door,
    cause: { grant: order.grant, order: order.order },
    ...(keypad === undefined ? {} : { keypad }),
  })
  if (!trouble) return
  refuse(turn, order, 'busy')
  if (keypad !== undefined) show(turn, keypad, { result: 'refused', reason: trouble })
}

function setMode(turn: Turn, order: ModeOrder) {
  const cause = { grant: order.grant, order: order.order }
  if (!record(turn, { type: 'mode-changed', door: order.door, mode: order.mode, cause })) return
  applyMode(turn, order.door, order.mode, upOf(turn) + order.forMs)
}

function applyMode(turn: Turn, door: number, mode: 'normal' | 'free' | 'locked', until: number) {
  const { leaf, mode: before } = turn.state.doors[door]!
  changeDoor(turn, door, { mode: { mode, until } })
  if (mode === 'free') {
    changeDoor(turn, door, { lockUp: null })
    turn.effects.push({ type: 'bolt', door, to: 'unlocked' })
  } else if (before.mode === 'free') {
    turn.effects.push({ type: 'bolt', door, to: 'locked' })
    // a door nobody shut when its time was over
    if (leaf === 'open') changeDoor(turn, door, { heldUp: upOf(turn) + turn.state.flash.config.heldOpenMs })
  }
}

/** Modes end by themselves. */
export function modesTick(turn: Turn) {
  for (const [key, { mode }] of Object.entries(turn.state.doors)) {
    if (mode.mode === 'normal' || upOf(turn) < mode.until) continue
    record(turn, { type: 'mode-changed', door: Number(key), mode: 'normal' })
    applyMode(turn, Number(key), 'normal', 0)
  }
}
