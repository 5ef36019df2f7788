import type { KnownFact } from '../../schema/api/fact-types.ts'
import type { UpMessage } from '../../schema/wire/codec.ts'
import { limits } from '../../schema/wire/limits.ts'
import type { DoorReport, KeypadReport, Offline, Online } from '../../schema/wire/status.ts'
import { doorsDifferOf } from '../domain/door-difference.ts'
import { add, change, pairKey } from '../store/held.ts'
import type { ControllerRow } from '../store/rows.ts'
import { doubtfulUntil, judgeDoubt } from './after-restore.ts'
import type { Flight, Read } from './flight.ts'
import { doubts } from './identity.ts'
import { malformed } from './malformed.ts'

export function takeStatus(flight: Flight, message: Read): void {
  if (!message.decoded.ok) {
    malformed(flight, message, message.decoded.problem)
    return
  }
  const status = message.decoded.value as UpMessage<'status'>
  if (status.state === 'online') online(flight, status)
  else offline(flight, status)
}

function offline(flight: Flight, status: Offline): void {
  const { controller, held } = flight
  if (status.link !== controller.link || !controller.online) return
  const awaySince = controller.awaySince ?? controller.lastHeardAt ?? flight.now
  change(held.controllers, controller, { online: false, awaySince })
  tell(flight, 'controller-offline', {})
}

/** Lower than something heard before: it was under way for long, or comes from a flash rolled back. */
export const isOld = (
  heard: { journal: string | null; last: number; boot: string | null; up: number },
  status: Pick<Online, 'journal' | 'last' | 'boot' | 'up'>,
): boolean =>
  (status.journal === heard.journal && status.last < heard.last) || (status.boot === heard.boot && status.up < heard.up)

function online(flight: Flight, status: Online): void {
  const { controller, held, after, now } = flight
  const { freshJournal } = doubts(flight, status)
  if (isOld(controller, status)) {
    if (status.boot !== controller.boot) welcome(flight, status)
    return
  }
  const wasOnline = controller.online && controller.boot === status.boot
  const { boot, up, journal, first, last, firmware, link } = status
  const until = doubtfulUntil(flight, status)
  const later = (status.doorsPage ?? 1) > 1
  const isLast = (status.doorsPage ?? 1) >= (status.doorsPages ?? 1)
  const seen = status.doors || later ? doorsSeen(flight, { said: status.doors ?? [], later, isLast }) : {}
  // pages of one status tell one set of keypads; the first begins anew
  const keypads = joined(later ? ((controller.keypads ?? []) as KeypadReport[]) : [], status.keypads ?? [])
  change(held.controllers, controller, {
    ...{ online: true, lastHeardAt: now, link, boot, up, upAt: held.clock, journal, first, last, firmware },
    ...{ clock: status.clock, grantsKnown: status.grants, configKnown: status.config },
    ...versions(flight, status, freshJournal),
    ...seen,
    ...(status.keypads || status.doorsPage ? { keypads } : {}),
  })
  if (!wasOnline) tell(flight, 'controller-online', { boot, firmware, clock: status.clock })
  after.changes({ siteId: controller.siteId, controllers: [controller.id] })
  judgeDoubt(flight, { until, seq: lostEvents(flight, status) })
  if (!isLast) return
  welcome(flight, status)
  if (status.grants !== -1 && status.grants < controller.grantsMade) after.device({ grants: controller.id })
  if (status.config < controller.configMade) after.device({ config: controller.id })
}

/**
 * A device that knows of a higher version than ours heard it before a restore: ours goes on from there. One with a new
 * journal may have forgotten what it used, and only a new version tells the uses since the last.
 */
function versions({ controller, now }: Flight, status: Online, freshJournal: boolean) {
  const forgot = freshJournal && controller.grantsMade > 0
  return {
    ...(forgot ? { grantsMade: Math.max(controller.grantsMade + 1, now.getTime()) } : {}),
    ...(status.grants > controller.grantsMade ? { grantsMade: Math.max(status.grants + 1, now.getTime()) } : {}),
    ...(status.config > controller.configMade ? { configMade: status.config + 1 } : {}),
  }
}

/** The last number recorded of the journal, after what `first` says is gone for good. */
function lostEvents({ held, controller, facts, now }: Flight, { journal, first }: Online): number {
  const key = pairKey(controller.id, journal)
  const known = held.journals.byKey.get(key)
  if (!known) {
    const row = { controllerId: controller.id, journal, seq: Math.max(0, first - 1), lastAt: null, createdAt: now }
    add(held.journals, key, row)
    return row.seq
  }
  if (first <= known.seq + 1) return known.seq
  const about = { at: now, receivedAt: now, controllerId: controller.id, journal, live: false }
  facts.push({ type: 'loss', ...about, facts: { from: known.seq + 1, to: first - 1 }, suspect: 'events-lost' })
  change(held.journals, known, { seq: first - 1 })
  return first - 1
}

function welcome({ held, controller, answer, now }: Flight, { journal, up, first }: Online): void {
  const seq = held.journals.byKey.get(pairKey(controller.id, journal))?.seq ?? Math.max(0, first - 1)
  answer('welcome', { journal, seq, time: now.getTime(), up, beatMs: limits.beatMs })
}

/** Entries with the same number are parts of one keypad. */
function joined(...lists: KeypadReport[][]): KeypadReport[] {
  const doors = new Map<number, Set<number>>()
  for (const each of lists.flat()) doors.set(each.keypad, new Set([...(doors.get(each.keypad) ?? []), ...each.doors]))
  return [...doors].map(([keypad, served]) => ({ keypad, doors: [...served] }))
}

type Said = { said: DoorReport[]; later: boolean; isLast: boolean }

/** Doors that are not as the site expects them are shown, never silently taken over; judged when all pages are here. */
function doorsSeen({ held, controller }: Flight, { said, later, isLast }: Said): Partial<ControllerRow> {
  const doorsSaid = [...(later ? ((controller.doorsSaid ?? []) as DoorReport[]) : []), ...said]
  if (!isLast) return { doorsSaid }
  return { doorsSaid, doorsDiffer: doorsDifferOf(held.banks.get(controller.id) ?? [], doorsSaid) }
}

function tell({ controller, facts, now, after }: Flight, type: KnownFact, more: object): void {
  facts.push({ type, at: now, receivedAt: now, controllerId: controller.id, facts: more })
  after.changes({ siteId: controller.siteId, controllers: [controller.id] })
}
