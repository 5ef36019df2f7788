import { limits } from '../../schema/wire/limits.ts'
import { acceptOpening } from './bolt.ts'
import { show } from './display.ts'
import { record } from './journal.ts'
import { grantsOfBadge, grantsOfCode, type Match, mayBeRotating, mayOpen } from './match.ts'
import type { Ask } from './state.ts'
import { countWrong, lockedForMs } from './tries.ts'
import { change, isConnected, type Turn, timeOf, upOf, without } from './turn.ts'

type Typed = { keypad: number; code: string; ask: string }

export function typeCode(turn: Turn, { keypad, code, ask }: Typed) {
  if (turn.state.asks[keypad]) return show(turn, keypad, { result: 'refused', reason: 'busy' })
  const forMs = lockedForMs(turn, keypad)
  if (forMs > 0) return show(turn, keypad, { result: 'locked', forMs })
  const matches = grantsOfCode(turn.state, keypad, code, timeOf(turn))
  if (matches.length > 0) return answerByList(turn, keypad, matches)
  if (isConnected(turn.state) && /^[0-9]{4,12}$/.test(code)) return askServer(turn, keypad, { code }, ask)
  if (mayBeRotating(turn.state, keypad, code)) {
    record(turn, { type: 'code-refused', keypad, reason: 'no-clock' })
    // it may be a wrong one all the same: uncounted, a keypad without a clock could be tried for ever
    return showWrong(turn, keypad, 'no-clock')
  }
  record(turn, { type: 'code-refused', keypad, reason: 'unknown' })
  showWrong(turn, keypad)
}

type Badged = { keypad: number; badge: string; ask: string }

export function holdBadge(turn: Turn, { keypad, badge, ask }: Badged) {
  if (turn.state.asks[keypad]) return show(turn, keypad, { result: 'refused', reason: 'busy' })
  const matches = grantsOfBadge(turn.state, keypad, badge)
  if (matches.length > 0) return answerByList(turn, keypad, matches)
  if (isConnected(turn.state) && /^[0-9a-f]{8,20}$/.test(badge)) return askServer(turn, keypad, { badge }, ask)
  record(turn, { type: 'code-refused', keypad, reason: 'unknown' })
  show(turn, keypad, { result: 'refused', reason: 'unknown' })
}

/** Counts the wrong try before the person sees the answer, so that pulling the plug gains nothing. */
function showWrong(turn: Turn, keypad: number, reason: 'unknown' | 'no-clock' = 'unknown') {
  const forMs = countWrong(turn, keypad)
  show(turn, keypad, forMs > 0 ? { result: 'locked', forMs } : { result: 'refused', reason })
}

const told = {
  early: 'early',
  expired: 'expired',
  used: 'used',
  'no-clock': 'no-clock',
  'door-out-of-service': 'locked',
} as const

function answerByList(turn: Turn, keypad: number, matches: Match[]) {
  const moment = { up: upOf(turn), time: timeOf(turn) }
  const verdicts = matches.map(match => mayOpen(turn.state, match, moment))
  const verdict = verdicts.find(each => each.ok) ?? verdicts[0]!
  const { grant, step } = verdict.match
  if (verdict.ok) {
    const trouble = acceptOpening(turn, {
      door: grant.door,
      cause: { grant: grant.grant },
      keypad,
      ...(step === undefined ? {} : { step }),
    })
    return trouble ? show(turn, keypad, { result: 'refused', reason: trouble }) : undefined
  }
  const { reason, ok: _, match: __, ...why } = verdict
  record(turn, { type: 'code-refused', keypad, reason: told[reason], grant: grant.grant })
  show(turn, keypad, { result: 'refused', reason, ...why })
}

function askServer(turn: Turn, keypad: number, what: { code: string } | { badge: string }, ask: string) {
  const waiting: Ask = { ask, until: upOf(turn) + limits.askWaitMs, badge: 'badge' in what }
  change(turn, { asks: { ...turn.state.asks, [keypad]: waiting } })
  const message = { ask, boot: turn.state.boot, up: upOf(turn), keypad, ...what }
  turn.effects.push({ type: 'publish', kind: 'code', message })
}

/** The keypad whose question this answers, while it still waits; taken once. */
export function takeAsk(turn: Turn, ask: string): { keypad: number; badge: boolean } | null {
  const found = Object.entries(turn.state.asks).find(([, each]) => each.ask === ask && upOf(turn) <= each.until)
  if (!found) return null
  change(turn, { asks: without(turn.state.asks, found[0]) })
  return { keypad: Number(found[0]), badge: found[1].badge }
}

type Refused = { ask: string; reason: string; from?: number; until?: number; usedAt?: number }

/** The server says no. Nothing for the journal: the server knows it already. */
export function hearRefuse(turn: Turn, { ask, reason, from, until, usedAt }: Refused) {
  const asked = takeAsk(turn, ask)
  if (!asked) return
  if (reason === 'unknown' && !asked.badge) return showWrong(turn, asked.keypad)
  if (reason === 'locked') {
    const forMs = until === undefined ? turn.state.flash.config.lockoutMs : Math.max(0, until - timeOf(turn))
    return show(turn, asked.keypad, { result: 'locked', forMs })
  }
  const why = {
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(usedAt === undefined ? {} : { usedAt }),
  }
  show(turn, asked.keypad, { result: 'refused', reason: reason as 'used', ...why })
}

export function asksTick(turn: Turn) {
  for (const [keypad, { until }] of Object.entries(turn.state.asks)) {
    if (upOf(turn) <= until) continue
    change(turn, { asks: without(turn.state.asks, keypad) })
    record(turn, { type: 'code-refused', keypad: Number(keypad), reason: 'no-answer' })
    show(turn, Number(keypad), { result: 'refused', reason: 'no-answer' })
  }
}
