import { gridMs } from '../../schema/api/grid.ts'
import type { Slots, Span } from '../../schema/api/rooms.ts'

/** What can be booked from a start on one day. */
export type Offered = { free: Span[] } & Pick<Slots, 'lastStart'>

/** Days and hours as on the wall of the site, whatever the clock of the reader's device says. */
export const dayIn = (timeZone: string, at: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(at)

export const clockIn = (timeZone: string, locale: string, iso: string): string =>
  new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' }).format(new Date(iso))

/** From one midnight to the next of the site, however many hours that is. */
export const isWholeDay = (timeZone: string, { from, until }: Span): boolean =>
  [from, until].every(iso => clockIn(timeZone, 'fr-FR', iso) === '00:00') &&
  dayAfter(dayIn(timeZone, new Date(from)), 1) <= dayIn(timeZone, new Date(until))

export function dayAfter(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** When a booking could start: every quarter of an hour that leaves room for one more, of that day. */
export function startsIn({ free, lastStart }: Offered): string[] {
  const starts = new Set<number>()
  for (const { from, until } of free) {
    const last = Math.min(Date.parse(until) - gridMs, Date.parse(lastStart))
    for (let at = Date.parse(from); at <= last; at += gridMs) starts.add(at)
  }
  return [...starts].sort((a, b) => a - b).map(toIso)
}

/** When it could end, having started then. */
export function endsAfter(start: string, free: Span[], longestMs: number): string[] {
  const began = Date.parse(start)
  const last = Math.max(
    ...free
      .filter(each => Date.parse(each.from) <= began)
      .map(each => Math.min(Date.parse(each.until), began + longestMs)),
  )
  const ends: string[] = []
  for (let at = began + gridMs; at <= last; at += gridMs) ends.push(toIso(at))
  return ends
}

/** From a start on for an hour, or for what there is. */
export function spanFrom(start: string | undefined, free: Span[], longestMs: number): Span | undefined {
  if (start === undefined) return undefined
  const ends = endsAfter(start, free, longestMs)
  return { from: start, until: ends[3] ?? ends.at(-1)! }
}

const toIso = (ms: number): string => new Date(ms).toISOString()

/** When a day begins at the site, also on the two days a year on which its clocks change. */
export function startOfDay(timeZone: string, day: string): string {
  const wanted = Date.parse(`${day}T00:00:00Z`)
  let at = wanted
  for (let round = 0; round < 3; round++) at += wanted - shownAs(timeZone, at)
  return toIso(at)
}

/** What the clock on the wall shows, as if it were UTC. */
function shownAs(timeZone: string, ms: number): number {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, hourCycle: 'h23', ...parts }).format(new Date(ms))
  return Date.parse(`${shown.replace(' ', 'T')}:00Z`)
}
