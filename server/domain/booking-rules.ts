import { gridMs } from '../../schema/api/grid.ts'
import { Refusal } from '../refusal.ts'
import { addDays, dayOf } from './days.ts'
import { daySpan, earlier, hoursOf, later, openBetween, type RoomCalendar, type Span } from './room-hours.ts'

type RoomRules = { places: number; bufferMs: number; longestMs: number; aheadMs: number }
export type BookableRoom = RoomRules & { calendar: RoomCalendar }
/** A place that is held, its buffer counted. */
export type HeldPlace = { place: number; from: Date; heldUntil: Date }
type FreeSpan = Span & { places: number }

const onGrid = (at: Date): boolean => at.getTime() % gridMs === 0
const nextOnGrid = (ms: number): number => Math.ceil(ms / gridMs) * gridMs
const lastOnGrid = (ms: number): number => Math.floor(ms / gridMs) * gridMs

/** Why nobody may book this time, whoever else has; null: they may. The quarter that runs can still be booked. */
export function bookingProblem({ from, until }: Span, room: BookableRoom, now: Date): Refusal | null {
  if (!onGrid(from)) return new Refusal('not-on-grid', { field: 'from' })
  if (!onGrid(until)) return new Refusal('not-on-grid', { field: 'until' })
  if (until <= from) return new Refusal('ends-before-start', { field: 'until' })
  if (from.getTime() + gridMs <= now.getTime()) return new Refusal('in-the-past', { field: 'from' })
  if (until.getTime() - from.getTime() > room.longestMs)
    return new Refusal('too-long', { field: 'until', details: { longestMs: room.longestMs } })
  const latest = new Date(now.getTime() + room.aheadMs)
  if (from > latest) return new Refusal('too-far-ahead', { field: 'from', details: { latest } })
  return hoursProblem({ from, until }, room.calendar)
}

/** The whole time lies in one stretch of open hours. */
export function hoursProblem({ from, until }: Span, calendar: RoomCalendar): Refusal | null {
  const around = {
    from: daySpan(addDays(dayOf(from, calendar.timeZone), -1), calendar.timeZone).from,
    until: daySpan(addDays(dayOf(until, calendar.timeZone), 1), calendar.timeZone).until,
  }
  const spans = openBetween(around, calendar)
  const span = spans.find(each => each.from <= from && from < each.until)
  if (span && until <= span.until) return null
  // the first moment of it that is not open
  const [field, day] = span ? ['until', dayOf(span.until, calendar.timeZone)] : ['from', dayOf(from, calendar.timeZone)]
  const { closed } = hoursOf(day, calendar)
  if (closed) return new Refusal('closed-day', { field, details: { day, closed } })
  const open = openBetween(daySpan(day, calendar.timeZone), calendar)
  return new Refusal('outside-hours', { field, details: { day, open } })
}

/** The first place that is free for the whole time, and for the buffer after it. */
export function freePlace({ from, until }: Span, room: RoomRules, held: HeldPlace[]): number | undefined {
  const heldUntil = new Date(until.getTime() + room.bufferMs)
  const taken = new Set(held.filter(each => each.from < heldUntil && from < each.heldUntil).map(each => each.place))
  return Array.from({ length: room.places }, (_, at) => at + 1).find(place => !taken.has(place))
}

/** The longest stretches within `span` that can be booked, on the grid, each with at how many places. */
export function freeSpans(span: Span, room: BookableRoom, { held, now }: { held: HeldPlace[]; now: Date }): FreeSpan[] {
  const { calendar, bufferMs, aheadMs } = room
  const begin = later(span.from, new Date(lastOnGrid(now.getTime())))
  // what starts as late as allowed may still last as long as allowed
  const end = earlier(span.until, new Date(now.getTime() + aheadMs + room.longestMs))
  const open = begin < end ? openBetween({ from: begin, until: end }, calendar) : []
  const ofPlaces = Array.from({ length: room.places }, (_, at) => {
    const mine = held.filter(each => each.place === at + 1).toSorted((a, b) => a.from.getTime() - b.from.getTime())
    return open.flatMap(each => gaps(each, mine, bufferMs))
  })
  const found = new Map<string, FreeSpan>()
  for (const each of ofPlaces.flat()) {
    const within = (other: Span) => other.from <= each.from && each.until <= other.until
    const places = ofPlaces.filter(spans => spans.some(within)).length
    found.set(`${each.from.getTime()} ${each.until.getTime()}`, { ...each, places })
  }
  return [...found.values()].toSorted((a, b) => a.from.getTime() - b.from.getTime() || +a.until - +b.until)
}

/** What is left of an open stretch between what one place is held for. */
function gaps(open: Span, held: HeldPlace[], bufferMs: number): Span[] {
  const free: Span[] = []
  const add = (from: number, until: number) => {
    const [begin, end] = [nextOnGrid(from), lastOnGrid(until)]
    if (begin < end) free.push({ from: new Date(begin), until: new Date(end) })
  }
  let at = open.from.getTime()
  for (const each of held) {
    // what begins just after the stretch needs the buffer before it
    add(at, Math.min(open.until.getTime(), each.from.getTime() - bufferMs))
    at = Math.max(at, each.heldUntil.getTime())
  }
  add(at, open.until.getTime())
  return free
}

/** Of what starts within `span`; a stretch that is free may go on, into the next day and further ahead than starts may. */
export const lastStartIn = ({ until }: Span, { aheadMs }: Pick<RoomRules, 'aheadMs'>, now: Date): Date =>
  new Date(Math.min(until.getTime() - gridMs, lastOnGrid(now.getTime() + aheadMs)))

const searchedDays = 14
const mostTold = 3

/** Times as long as the one that was wished for, from then on: what somebody is offered whose time was taken. */
export function nextFree(wished: Span, room: BookableRoom, around: { held: HeldPlace[]; now: Date }): Span[] {
  const lengthMs = wished.until.getTime() - wished.from.getTime()
  const latest = around.now.getTime() + room.aheadMs
  const starts = freeSpans({ from: wished.from, until: searchedUntil(wished) }, room, around).flatMap(free => {
    const begin = free.from.getTime()
    const fitting = Math.floor((free.until.getTime() - begin) / lengthMs)
    return Array.from({ length: Math.min(fitting, mostTold) }, (_, at) => begin + at * lengthMs)
  })
  return [...new Set(starts)]
    .filter(start => start <= latest)
    .sort((a, b) => a - b)
    .slice(0, mostTold)
    .map(start => ({ from: new Date(start), until: new Date(start + lengthMs) }))
}

export const searchedUntil = ({ until }: Span): Date => new Date(until.getTime() + searchedDays * 24 * 3600_000)
