import { limits } from '../../schema/wire/limits.ts'
import { isMuted, record } from './journal.ts'
import { changeDoor, type Turn, upOf } from './turn.ts'

const setupOf = (turn: Turn, door: number) => turn.state.setup.doors.find(each => each.door === door)

/** The door sensor changed. A bolt that let the door go shuts again, so that a door pulled shut is locked. */
export function senseLeaf(turn: Turn, door: number, leaf: 'open' | 'closed') {
  const state = turn.state.doors[door]
  if (!state || !setupOf(turn, door)?.doorSensor || state.leaf === leaf) return
  const free = state.mode.mode === 'free'
  changeDoor(turn, door, { leaf, heldUp: null })
  if (leaf === 'open') {
    if (state.bolt === 'locked' && !free) sayForced(turn, door)
    changeDoor(turn, door, { opening: null, heldUp: upOf(turn) + turn.state.flash.config.heldOpenMs })
    if (state.bolt === 'unlocked' && !free) turn.effects.push({ type: 'bolt', door, to: 'locked' })
  }
  catchUp(turn, door)
}

function sayForced(turn: Turn, door: number) {
  const last = turn.state.doors[door]!.forcedUp
  if (last !== null && upOf(turn) - last < limits.sensorPairEveryMs) return
  // the alarm is not held back by a pair made just before; it makes its own
  if (record(turn, { type: 'forced', door })) changeDoor(turn, door, { forcedUp: upOf(turn), fresh: true })
}

export function senseContents(turn: Turn, door: number, occupied: boolean) {
  const setup = setupOf(turn, door)
  if (!setup?.occupancySensor) return
  changeDoor(turn, door, { occupied })
  if (!setup.doorSensor) catchUp(turn, door)
}

/**
 * Makes the journal say what the sensors say, within the limit of one pair per door in 10 s.
 * What the limit held back is told when it ends, if it is still true.
 */
function catchUp(turn: Turn, door: number) {
  const state = turn.state.doors[door]!
  const setup = setupOf(turn, door)!
  const limited = !state.fresh && state.pairUp !== null && upOf(turn) - state.pairUp < limits.sensorPairEveryMs
  if (state.leaf === 'open' && state.said.leaf === 'closed') {
    if (limited) return
    if (!record(turn, { type: 'opened', door })) return
    changeDoor(turn, door, { said: { ...state.said, leaf: 'open' }, pairUp: upOf(turn), fresh: false })
  }
  if (state.leaf === 'closed' && state.said.leaf === 'open') {
    if (!record(turn, { type: 'closed', door })) return
    changeDoor(turn, door, { said: { leaf: 'closed', occupied: null } })
    return sayContents(turn, door)
  }
  if (!limited && setup.occupancySensor && state.leaf === 'closed') {
    if (!setup.doorSensor) changeDoor(turn, door, { pairUp: upOf(turn), fresh: false })
    sayContents(turn, door)
  }
}

function sayContents(turn: Turn, door: number) {
  const { said, occupied } = turn.state.doors[door]!
  if (!setupOf(turn, door)?.occupancySensor || said.occupied === occupied) return
  if (!record(turn, { type: occupied ? 'occupied' : 'vacant', door })) return
  changeDoor(turn, door, { said: { ...said, occupied } })
}

/** When the limit of this door ends, if it holds something back. */
export function heldBackUntil(turn: Turn, door: number): number | null {
  const state = turn.state.doors[door]
  const setup = setupOf(turn, door)
  if (!state || !setup || isMuted(turn)) return null
  const behind =
    state.said.leaf !== state.leaf ||
    (setup.occupancySensor && state.leaf === 'closed' && state.said.occupied !== state.occupied)
  if (!behind) return null
  const free = state.fresh || state.pairUp === null
  return free ? upOf(turn) : Math.max(upOf(turn), state.pairUp! + limits.sensorPairEveryMs)
}

/** Leaving is always possible: the bolt moves whether or not there is room to write it down. */
export function pressExit(turn: Turn, door: number) {
  if (setupOf(turn, door)?.kind !== 'room' || !turn.state.doors[door]) return
  record(turn, { type: 'exit-requested', door })
  changeDoor(turn, door, { fresh: true })
  turn.effects.push({ type: 'bolt', door, to: 'unlocked' })
}

export function sensorsTick(turn: Turn) {
  const up = upOf(turn)
  for (const { door } of turn.state.setup.doors) {
    const state = turn.state.doors[door]
    if (!state) continue
    if (state.heldUp !== null && up >= state.heldUp) {
      changeDoor(turn, door, { heldUp: null })
      if (state.mode.mode !== 'free') record(turn, { type: 'held-open', door })
    }
    const until = heldBackUntil(turn, door)
    if (until !== null && up >= until) catchUp(turn, door)
  }
}
