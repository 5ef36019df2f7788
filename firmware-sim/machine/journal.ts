import type { RawEvent } from '../../schema/wire/events.ts'
import type { EventBody, Held, Setup, Use } from './state.ts'
import { change, type Turn, timeOf, upOf } from './turn.ts'

const opening = new Set(['accepted', 'unlocked', 'jammed', 'mode-changed'])
const minor = new Set([
  'opened',
  'closed',
  'occupied',
  'vacant',
  'forced',
  'held-open',
  'exit-requested',
  'code-refused',
  'order-refused',
  'message-refused',
])

const unackedOf = (turn: Turn): number => turn.state.journal.last - turn.state.journal.acked
const quarters3 = (setup: Setup): number => Math.floor((setup.journalSize * 3) / 4)
const reserve = (setup: Setup): number => Math.min(16, Math.ceil(setup.journalSize / 8))

export const isMuted = (turn: Turn): boolean => unackedOf(turn) >= quarters3(turn.state.setup)

/** Room for `accepted` and `unlocked`; the last of it is kept for orders. */
export const hasRoomToOpen = (turn: Turn, byOrder: boolean): boolean =>
  unackedOf(turn) + 2 <= turn.state.setup.journalSize - (byOrder ? 0 : reserve(turn.state.setup))

function hasRoomFor(turn: Turn, type: string): boolean {
  if (opening.has(type)) return unackedOf(turn) < turn.state.setup.journalSize
  if (minor.has(type)) return !isMuted(turn)
  return unackedOf(turn) < turn.state.setup.journalSize - reserve(turn.state.setup)
}

/** Writes an event into the journal, numbered and stamped; false when there is no room for its kind. */
export function record(turn: Turn, body: EventBody, extra: { step?: number } = {}): boolean {
  if (!hasRoomFor(turn, body.type)) return false
  const { setup, journal, clock, boot } = turn.state
  const up = upOf(turn)
  const seq = journal.last + 1
  const at = clock.kind === 'none' ? up : timeOf(turn)
  const event = { seq, at, clock: clock.kind, ...body } as unknown as RawEvent
  const held: Held = { event, boot, up, ...extra }
  // acked events make room only now, so that a server restored from a backup can still ask for them
  const kept = journal.held.length >= setup.journalSize ? journal.held.slice(1) : journal.held
  change(turn, { journal: { ...journal, held: [...kept, held], last: seq }, appended: turn.state.appended + 1 })
  turn.effects.push({ type: 'append', held })
  if (turn.state.appended > setup.journalSize * 2) compact(turn)
  sayMuted(turn)
  return true
}

function sayMuted(turn: Turn) {
  if (turn.state.mutedSaid || !isMuted(turn)) return
  change(turn, { mutedSaid: true })
  record(turn, { type: 'sensors-muted' })
}

/** The uses go to flash before the journal lets go of the `unlocked` that they came from. */
function compact(turn: Turn) {
  change(turn, { appended: 0 })
  turn.effects.push({ type: 'flash', flash: turn.state.flash }, { type: 'rewrite', journal: turn.state.journal })
}

export function noteAcked(turn: Turn, seq: number) {
  const { journal, setup } = turn.state
  const acked = Math.min(seq, journal.last)
  if (acked <= journal.acked) return
  change(turn, { journal: { ...journal, acked } })
  turn.effects.push({ type: 'acked', seq: acked })
  if (unackedOf(turn) < setup.journalSize / 2) change(turn, { mutedSaid: false })
}

export const firstHeld = (turn: Turn): number => turn.state.journal.held[0]?.event.seq ?? turn.state.journal.last + 1

/** The server knows more of this journal than we do: what is not acked goes on under a new name, the list starts anew. */
export function startNewJournal(turn: Turn, name: string) {
  const { journal, flash } = turn.state
  const held = journal.held
    .filter(each => each.event.seq > journal.acked)
    .map((each, index) => ({ ...each, event: { ...each.event, seq: index + 1 } }))
  change(turn, {
    journal: { name, held, last: held.length, acked: 0 },
    // the uses stay: the list that comes next may not know of them yet
    flash: { ...flash, grants: { version: 0, list: [] } },
    pages: null,
    appended: 0,
  })
  turn.effects.push({ type: 'flash', flash: turn.state.flash }, { type: 'rewrite', journal: turn.state.journal })
}

/** A use as the journal proves it, so that it counts even when power went before anything else was written. */
export function withUse(uses: Record<string, Use>, grant: string, at: number, step?: number): Record<string, Use> {
  const before = uses[grant]
  const steps = step === undefined ? before?.steps : [...(before?.steps ?? []).filter(s => s !== step), step].slice(-16)
  return { ...uses, [grant]: { at: before?.at ?? at, ...(steps ? { steps } : {}) } }
}
