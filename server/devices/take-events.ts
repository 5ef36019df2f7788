import { canonical } from '../../schema/api/canonical.ts'
import type { FactType } from '../../schema/api/fact-types.ts'
import { decodeEvent, type UpMessage } from '../../schema/wire/codec.ts'
import type { RawEvent } from '../../schema/wire/events.ts'
import { limits } from '../../schema/wire/limits.ts'
import { change, pairKey } from '../store/held.ts'
import type { Fact } from '../store/history.ts'
import { settleDoubt } from './after-restore.ts'
import { applyEvent } from './apply-event.ts'
import type { Flight, Read } from './flight.ts'
import { malformed } from './malformed.ts'

/** Event n+1 only after n; what is recorded already is acked again; beyond a gap nothing is taken. */
export function takeEvents(flight: Flight, message: Read): void {
  if (!message.decoded.ok) {
    malformed(flight, message, message.decoded.problem)
    return
  }
  const { held, controller } = flight
  const { journal, live, events } = message.decoded.value as UpMessage<'events'>
  const known = held.journals.byKey.get(pairKey(controller.id, journal))
  // a journal that no status announced
  if (!known) return
  let { seq, lastAt } = known
  const before = flight.facts.length
  const waited = journal === controller.journal && controller.last > seq
  const most = seq + limits.eventsPerMessage
  for (const event of events) {
    if (event.seq <= seq) compare(flight, journal, event, live)
    else if (event.seq > seq + 1 || seq === most) break
    else {
      lastAt = takeOne(flight, { journal, live, event, lastAt, next: nextOf(events, event) })
      seq = event.seq
    }
  }
  if (seq !== known.seq) change(held.journals, known, { seq, lastAt })
  if (waited || flight.facts.slice(before).some(fact => fact.suspect))
    flight.after.changes({ siteId: controller.siteId, controllers: [controller.id] })
  if (journal === controller.journal) {
    controller.last = Math.max(controller.last, seq)
    settleDoubt(flight, seq)
  }
  flight.answer('ack', { journal, seq })
}

type One = Told & { lastAt: Date | null }

function takeOne(flight: Flight, { journal, live, event, lastAt, next }: One): Date | null {
  const fact = factOf(flight, { journal, live, event, next })
  const decoded = decodeEvent(event)
  flight.facts.push(fact)
  if (!decoded.ok) fact.suspect = isKnownForm(decoded.problem) ? null : `does-not-fit: ${decoded.problem}`
  else if (flight.suspectOnly) fact.suspect = 'not-applied'
  else {
    const set = decoded.value.clock !== 'none' && decoded.value.type !== 'clock-set'
    if (set && lastAt && fact.at.getTime() < lastAt.getTime() - backMs) fact.suspect = 'time-went-back'
    applyEvent(flight, decoded.value, fact)
    return decoded.value.type === 'clock-set' ? null : set ? fact.at : lastAt
  }
  return lastAt
}

const backMs = 30_000
/** Unknown types are recorded, and there is nothing suspect about a newer device. */
const isKnownForm = (problem: string): boolean => problem.startsWith('type "')

type Told = { journal: string; live: boolean; event: RawEvent; next?: RawEvent | undefined }

/** What tells the time of an event made without a clock: the clock being set, or that its boot ended without it. */
const nextOf = (events: RawEvent[], { seq }: RawEvent): RawEvent | undefined =>
  events.find(each => each.seq > seq && (each.type === 'clock-set' || each.type === 'started'))

function factOf({ controller, now }: Flight, { journal, live, event, next }: Told): Fact {
  const about = { controllerId: controller.id, journal, seq: event.seq, live }
  const type = typeof event.type === 'string' && /^[\w-]{1,60}$/.test(event.type) ? event.type : 'unknown'
  return {
    type: type as FactType,
    at: timeOf(controller, { event, next }, now),
    receivedAt: now,
    ...about,
    facts: contentOf(event),
  }
}

/**
 * Without a clock `at` is uptime. Its time is given by the next `clock-set` of that boot if it came along (EVENTS-19); of
 * a boot that ended without one by nothing but when it came; else, as of the present boot, by what the controller said its
 * uptime was. History is never rewritten, so a `clock-set` in a later message changes nothing.
 */
function timeOf(controller: Flight['controller'], { event, next }: Pick<Told, 'event' | 'next'>, now: Date): Date {
  const { at, clock } = event
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at < 0) return now
  if (clock === 'none' && next?.type === 'started') return now
  if (clock === 'none' && Number.isSafeInteger(next?.by)) return plausible(at + Number(next?.by), now)
  if (clock === 'none')
    return controller.lastHeardAt && at <= controller.up
      ? new Date(controller.lastHeardAt.getTime() - (controller.up - at))
      : now
  return plausible(at, now)
}

const plausible = (ms: number, now: Date): Date => (ms >= 0 && ms < 4_102_444_800_000 ? new Date(ms) : now)

/** jsonb holds neither NUL nor half of a surrogate pair. */
const storable = (text: string): string => text.replaceAll('\0', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD')

const secret = /code|pin|badge|password|secret/i

/** What the device wrote, but for its number and anything that could be a code. */
export function contentOf({ seq: _, ...event }: RawEvent): object {
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return storable(value.slice(0, 512))
    if (Array.isArray(value)) return value.map(clean)
    if (value === null || typeof value !== 'object') return value
    const members = Object.entries(value).filter(([name]) => !secret.test(name))
    return Object.fromEntries(members.map(([name, each]) => [storable(name), clean(each)]))
  }
  return clean(event) as object
}

/** The same number again: the same content is a repeat, another one is kept beside it. */
function compare(flight: Flight, journal: string, event: RawEvent, live: boolean): void {
  const { held, controller, facts } = flight
  const content = canonical(contentOf(event))
  const same = (kept?: object) => canonical(kept) === content
  const now = facts.filter(
    each => each.controllerId === controller.id && each.journal === journal && each.seq === event.seq,
  )
  const before = held.recorded.get(`${pairKey(controller.id, journal)} ${event.seq}`) ?? []
  if (now.some(each => same(each.facts)) || before.some(same)) return
  // nothing recorded under this number: it was before the journal's first, or lost
  if (before.length === 0 && now.length === 0) return
  const fact = factOf(flight, { journal, live, event })
  facts.push({ ...fact, suspect: 'number-used-twice' })
}
