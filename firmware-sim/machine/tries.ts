import { saveFlash } from './clock.ts'
import { record } from './journal.ts'
import type { Tries } from './state.ts'
import { change, type Turn, upOf, without } from './turn.ts'

export const quietHourMs = 3600_000
const none: Tries = { wrong: 0, level: 0, lockedForMs: 0 }

const saveTries = (turn: Turn, keypad: number, tries: Tries) => {
  change(turn, { flash: { ...turn.state.flash, keypads: { ...turn.state.flash.keypads, [keypad]: tries } } })
  saveFlash(turn)
}

export const lockedForMs = (turn: Turn, keypad: number): number =>
  Math.max(0, (turn.state.lockedUntil[keypad] ?? 0) - upOf(turn))

/** Counts a wrong code; answers how long the keypad is locked now, 0 if not yet. */
export function countWrong(turn: Turn, keypad: number): number {
  const { config, keypads } = turn.state.flash
  const before = keypads[keypad] ?? none
  change(turn, { quietUp: { ...turn.state.quietUp, [keypad]: upOf(turn) } })
  if (before.wrong + 1 < config.wrongTries) {
    saveTries(turn, keypad, { ...before, wrong: before.wrong + 1 })
    return 0
  }
  const forMs = Math.min(config.lockoutMaxMs, Math.round(config.lockoutMs * config.lockoutFactor ** before.level))
  // no level beyond the one that reaches the longest lock-out, or it would take days to fall again
  const level = forMs < config.lockoutMaxMs ? before.level + 1 : before.level
  saveTries(turn, keypad, { wrong: 0, level, lockedForMs: forMs })
  change(turn, { lockedUntil: { ...turn.state.lockedUntil, [keypad]: upOf(turn) + forMs } })
  record(turn, { type: 'keypad-locked', keypad, forMs })
  return forMs
}

/** After a boot a lock-out that ran starts again in full. */
export function restoreTries(turn: Turn) {
  const lockedUntil: Record<number, number> = {}
  const quietUp: Record<number, number> = {}
  for (const [keypad, tries] of Object.entries(turn.state.flash.keypads)) {
    quietUp[Number(keypad)] = upOf(turn)
    if (tries.lockedForMs > 0) lockedUntil[Number(keypad)] = upOf(turn) + tries.lockedForMs
  }
  change(turn, { lockedUntil, quietUp })
}

export function triesTick(turn: Turn) {
  const up = upOf(turn)
  for (const [key, until] of Object.entries(turn.state.lockedUntil)) {
    if (up < until) continue
    change(turn, { lockedUntil: without(turn.state.lockedUntil, key) })
    saveTries(turn, Number(key), { ...(turn.state.flash.keypads[Number(key)] ?? none), lockedForMs: 0 })
  }
  for (const [key, since] of Object.entries(turn.state.quietUp)) {
    if (up < since + quietHourMs) continue
    const keypad = Number(key)
    const before = turn.state.flash.keypads[keypad] ?? none
    const hours = Math.floor((up - since) / quietHourMs)
    const after = { ...before, wrong: 0, level: Math.max(0, before.level - hours) }
    const quietUp: Record<number, number> =
      after.level > 0
        ? { ...turn.state.quietUp, [keypad]: since + hours * quietHourMs }
        : without(turn.state.quietUp, keypad)
    change(turn, { quietUp })
    saveTries(turn, keypad, after)
  }
}
