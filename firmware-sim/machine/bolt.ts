import type { Cause } from '../../schema/wire/shapes.ts'
import { show } from './display.ts'
import { hasRoomToOpen, record, withUse } from './journal.ts'
import type { Moving } from './state.ts'
import { change, changeDoor, type Turn, timeOf, upOf } from './turn.ts'

const boltAnswersWithinMs = 5000

type Opening = { door: number; cause: Cause; keypad?: number; step?: number }

/** Writes `accepted`, then lets the bolt move: in that order, whatever happens to the power in between. */
export function acceptOpening(turn: Turn, opening: Opening): 'busy' | 'journal-full' | null {
  if (turn.state.moving) return 'busy'
  if (!hasRoomToOpen(turn, opening.cause.order !== undefined)) return 'journal-full'
  record(turn, { type: 'accepted', door: opening.door, cause: opening.cause })
  change(turn, { moving: { ...opening, giveUpUp: upOf(turn) + boltAnswersWithinMs } })
  turn.effects.push({ type: 'bolt', door: opening.door, to: 'unlocked' })
  return null
}

export function boltMoved(turn: Turn, door: number, to: 'locked' | 'unlocked') {
  const { moving } = turn.state
  changeDoor(turn, door, { bolt: to })
  if (to === 'locked') return changeDoor(turn, door, { lockUp: null })
  const state = turn.state.doors[door]
  if (state && state.mode.mode !== 'free') {
    changeDoor(turn, door, { lockUp: upOf(turn) + turn.state.flash.config.unlockMs })
  }
  if (moving?.door === door) bookUse(turn, moving)
}

/** The use of the grant is this line of the journal; everything else can be rebuilt from it. */
function bookUse(turn: Turn, { door, cause, keypad, step }: Moving) {
  change(turn, { moving: null })
  record(turn, { type: 'unlocked', door, cause }, step === undefined ? {} : { step })
  const { flash } = turn.state
  const listed = flash.grants.list.find(each => each.grant === cause.grant)
  const before = turn.state.doors[door]?.reopen
  const firstOfWindow = before?.grant !== cause.grant
  const until = upOf(turn) + (listed?.reopenMs ?? 0)
  // the window begins with the first unlock of the grant, and an order after a reboot does not begin another
  const usedBefore = listed?.uses === 1 && (flash.uses[cause.grant]?.at ?? listed.usedAt) !== undefined
  const reopen = listed?.reopenMs && !usedBefore ? { grant: cause.grant, until } : null
  const running = !firstOfWindow && before && upOf(turn) <= before.until
  changeDoor(turn, door, { opening: cause, fresh: true, reopen: running ? before : reopen })
  change(turn, { flash: { ...flash, uses: withUse(flash.uses, cause.grant, timeOf(turn), step) } })
  if (keypad !== undefined) show(turn, keypad, { result: 'open', door })
}

export function boltStuck(turn: Turn, door: number) {
  const { moving } = turn.state
  if (moving?.door !== door) return
  change(turn, { moving: null })
  record(turn, { type: 'jammed', door, cause: moving.cause })
  if (moving.keypad !== undefined) show(turn, moving.keypad, { result: 'refused', reason: 'jammed' })
}

/** Shuts bolts whose time is over; a sprung door that did not move meanwhile is stuck in its frame. */
export function boltsTick(turn: Turn) {
  const { moving } = turn.state
  if (moving && upOf(turn) >= moving.giveUpUp) boltStuck(turn, moving.door)
  for (const { door, springs, doorSensor } of turn.state.setup.doors) {
    const state = turn.state.doors[door]
    if (!state || state.lockUp === null || upOf(turn) < state.lockUp) continue
    changeDoor(turn, door, { lockUp: null, opening: null, fresh: false })
    turn.effects.push({ type: 'bolt', door, to: 'locked' })
    const stuck = springs && doorSensor && state.opening !== null && state.leaf === 'closed'
    if (stuck) record(turn, { type: 'jammed', door, cause: state.opening! })
  }
}
