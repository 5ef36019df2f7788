import { decodeEvent, decodeUp } from '../../schema/wire/codec.ts'
import type { RawEvent } from '../../schema/wire/events.ts'
import { limits } from '../../schema/wire/limits.ts'
import type { Context } from '../context.ts'
import { canonical, type Fact } from '../store/history.ts'
import { settleDoubt } from './after-restore.ts'
import { applyEvent } from './apply-event.ts'
import type { Flight } from './inbox.ts'
import { malformed } from './malformed.ts'

type Journal = { seq: number; lastAt: Date | null }

/** Event n+1 only after n; what is recorded already is acked again; beyond a gap nothing is taken. */
export async function takeEvents(ctx: Context, flight: Flight, payload: Buffer): Promise<void> {
  const decoded = decodeUp('events', payload)
  if (!decoded.ok) return malformed(flight, 'events', payload, decoded.problem)
  const { tx, controller } = flight
  const { journal, live, events } = decoded.value
  const [known] = await tx<Journal[]>`
    select seq, last_at from journals where controller_id = ${controller.id} and journal = ${journal}`
  // a journal that no status announced
  if (!known) return
  let { seq, lastAt } = known
  const most = seq + limits.eventsPerMessage
  for (const event of events) {
    if (event.seq <= seq) await compare(flight, journal, event, live)
    else if (event.seq > seq + 1 || seq === most) break
    else {
      lastAt = await takeOne(ctx, flight, { journal, live, event, lastAt })
      seq = event.seq
    }
  }
  if (seq !== known.seq)
    await tx`update journals set seq = ${seq}, last_at = ${lastAt} where controller_id = ${controller.id} and journal = ${journal}`
  if (flight.facts.some(fact => fact.controllerId === controller.id && fact.suspect))
    flight.after.changes({ siteId: controller.siteId, controllers: [controller.id] })
  if (journal === controller.journal) {
    controller.last = Math.max(controller.last, seq)
    await settleDoubt(flight, seq)
  }
  flight.answer('ack', { journal, seq })
}

type One = { journal: string; live: boolean; event: RawEvent; lastAt: Date | null }

async function takeOne(ctx: Context, flight: Flight, { journal, live, event, lastAt }: One): Promise<Date | null> {
  const fact = factOf(flight, { journal, live, event })
  const decoded = decodeEvent(event)
  const place = flight.facts.length
  flight.facts.push(fact)
  if (!decoded.ok) fact.suspect = isKnownForm(decoded.problem) ? null : decoded.problem
  else if (flight.suspectOnly) fact.suspect = 'could not be applied'
  else {
    const set = decoded.value.clock !== 'none' && decoded.value.type !== 'clock-set'
    if (set && lastAt && fact.at.getTime() < lastAt.getTime() - backMs)
      fact.suspect = 'its time lies before the event before it'
    await applyEvent(ctx, flight, decoded.value, fact)
    // what an event leads to stands behind it in the chain
    flight.facts.splice(place, 1)
    flight.facts.splice(place, 0, fact)
    return decoded.value.type === 'clock-set' ? null : set ? fact.at : lastAt
  }
  return lastAt
}

const backMs = 30_000
/** Unknown types are recorded, and there is nothing suspect about a newer device. */
const isKnownForm = (problem: string): boolean => problem.startsWith('type "')

type Told = { journal: string; live: boolean; event: RawEvent }

function factOf({ controller, now }: Flight, { journal, live, event }: Told): Fact {
  const about = { controllerId: controller.id, journal, seq: event.seq, live }
  const type = typeof event.type === 'string' && /^[\w-]{1,60}$/.test(event.type) ? event.type : 'unknown'
  return { type, at: timeOf(controller, event, now), receivedAt: now, ...about, facts: contentOf(event) }
}

/** Without a clock `at` is uptime: placed by what the controller said its uptime was, or else by when it came. */
function timeOf(controller: Flight['controller'], event: RawEvent, now: Date): Date {
  const { at, clock } = event
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at < 0) return now
  if (clock === 'none')
    return controller.lastHeardAt && at <= controller.up
      ? new Date(controller.lastHeardAt.getTime() - (controller.up - at))
      : now
  return at < 4_102_444_800_000 ? new Date(at) : now
}

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
async function compare(flight: Flight, journal: string, event: RawEvent, live: boolean): Promise<void> {
  const { tx, controller, facts } = flight
  const content = canonical(contentOf(event))
  const same = (each: { facts?: object }) => canonical(each.facts) === content
  const now = facts.filter(
    each => each.controllerId === controller.id && each.journal === journal && each.seq === event.seq,
  )
  if (now.some(same)) return
  const rows = await tx<{ facts: object }[]>`
    select facts from history where controller_id = ${controller.id} and journal = ${journal} and seq = ${event.seq}`
  // nothing recorded under this number: it was before the journal's first, or lost
  if (rows.some(same) || (rows.length === 0 && now.length === 0)) return
  facts.push({ ...factOf(flight, { journal, live, event }), suspect: 'same number, other content' })
}
