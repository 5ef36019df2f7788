import { limits } from '../../schema/wire/limits.ts'
import { record } from './journal.ts'
import { change, type Turn, timeOf, upOf } from './turn.ts'

const hourMs = 3600_000

/** Sets the clock from a welcome whose echo is fresh. `by` is what has to be added to the times written before. */
export function setClock(turn: Turn, time: number, echoUp: number) {
  const age = upOf(turn) - echoUp
  if (age < 0 || age > limits.echoOldestMs) return
  const before = turn.state.clock
  const was = before.kind === 'none' ? upOf(turn) : timeOf(turn)
  change(turn, { clock: { kind: 'synced', offset: time - upOf(turn) } })
  const by = time - was
  if (before.kind === 'none' || Math.abs(by) > limits.clockSetOverMs) {
    record(turn, { type: 'clock-set', by })
    saveTime(turn)
  }
}

export function driftClock(turn: Turn, by: number) {
  const { clock } = turn.state
  if (clock.kind !== 'none') change(turn, { clock: { ...clock, offset: clock.offset + Math.round(by) } })
}

export const nextSaveUp = (turn: Turn): number => turn.state.savedTimeUp + hourMs

export function saveTimeHourly(turn: Turn) {
  if (upOf(turn) >= nextSaveUp(turn)) saveTime(turn)
}

export function saveTime(turn: Turn) {
  change(turn, { savedTimeUp: upOf(turn) })
  if (turn.state.clock.kind !== 'none') saveFlash(turn)
}

/** Every writing of the flash carries the time along, if there is one worth keeping. */
export function saveFlash(turn: Turn) {
  if (turn.state.clock.kind !== 'none') change(turn, { flash: { ...turn.state.flash, lastTime: timeOf(turn) } })
  turn.effects.push({ type: 'flash', flash: turn.state.flash })
}
