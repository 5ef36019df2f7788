import type { Span } from '../../server/domain/room-hours.ts'

export const quarterMs = 15 * 60_000
type Hours = { weekday: number; from: string; until: string }
type Clocks = { from: string; until: string }

/** A room's rules as the test gave them; `days`: null is closed. No hours begin or end where summer time does. */
export type RoomBook = {
  id: string
  places: number
  bufferMs: number
  longestMs: number
  aheadMs: number
  holidays: boolean
  hours: Hours[]
  days: Map<string, Clocks | null>
}
export type HeldRow = { id: string; place: number; from: Date; heldUntil: Date }

/** Those that the lives of the test come near to, from a printed calendar. */
const publicHolidays = new Set(
  ['2026-04-06', '2026-05-01', '2026-05-08', '2026-05-14', '2026-11-01', '2026-11-11'].concat(
    ...['2027-03-29', '2027-11-01', '2027-11-11'],
  ),
)

const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
const clockOnWall = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris', ...digits })
const shown = new Map<number, string[]>()
/** Day and clock that the wall in Amiens shows; the code under test is not asked. */
export function onWall(ms: number): [day: string, clock: string] {
  if (!shown.has(ms)) shown.set(ms, clockOnWall.format(ms).split(' '))
  return shown.get(ms) as [string, string]
}
export const nextDay = (day: string, by: number): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + by * 24 * 3600_000).toISOString().slice(0, 10)

function hoursOn(room: RoomBook, day: string): Clocks[] {
  const own = room.days.get(day)
  if (own !== undefined) return own ? [own] : []
  if (room.holidays && publicHolidays.has(day)) return []
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay() || 7
  return room.hours.filter(each => each.weekday === weekday)
}

/** Quarter by quarter, as somebody who stands before the door with the printed hours. */
function isOpen(room: RoomBook, ms: number): boolean {
  const [day, clock] = onWall(ms)
  const overnight = ({ from, until }: Clocks) => until <= from
  return (
    hoursOn(room, day).some(each => each.from <= clock && (overnight(each) || clock < each.until)) ||
    hoursOn(room, nextDay(day, -1)).some(each => overnight(each) && clock < each.until)
  )
}

export function placesFree(room: RoomBook, { from, until }: Span, held: HeldRow[]): number {
  const end = new Date(until.getTime() + room.bufferMs)
  const taken = new Set(held.filter(each => each.from < end && from < each.heldUntil).map(each => each.place))
  return room.places - taken.size
}

/** `past` is judged from: a booking that runs keeps its start. */
export type Now = { now: number; since?: number }

export function isOpenFor(room: RoomBook, { from, until }: Span): boolean {
  for (let at = from.getTime(); at < until.getTime(); at += quarterMs) if (!isOpen(room, at)) return false
  return true
}

/** Why this time cannot be booked; null: it can. */
export function whyNot(room: RoomBook, span: Span, held: HeldRow[], { now, since = now }: Now): string | null {
  const [from, until] = [span.from.getTime(), span.until.getTime()]
  if (until <= from) return 'ends-before-start'
  if (from + quarterMs <= since) return 'in-the-past'
  if (until - from > room.longestMs) return 'too-long'
  if (from > since + room.aheadMs) return 'too-far-ahead'
  if (!isOpenFor(room, span)) return 'closed'
  return placesFree(room, span, held) > 0 ? null : 'taken'
}

/** The first start from which so long a time can be booked, within a fortnight. */
export function firstFree(room: RoomBook, wished: Span, held: HeldRow[], now: number): number | null {
  const lengthMs = wished.until.getTime() - wished.from.getTime()
  const begin = Math.max(wished.from.getTime(), Math.floor(now / quarterMs) * quarterMs)
  const last = wished.until.getTime() + 14 * 24 * 3600_000 - lengthMs
  for (let at = begin; at <= last; at += quarterMs)
    if (!whyNot(room, { from: new Date(at), until: new Date(at + lengthMs) }, held, { now })) return at
  return null
}

/** The room for somebody who needs all of it. */
export const asOne = (room: RoomBook, held: HeldRow[]): [RoomBook, HeldRow[]] => [
  { ...room, places: 1 },
  held.map(each => ({ ...each, place: 1 })),
]
