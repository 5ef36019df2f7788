import type { Span } from '../../schema/api/rooms.ts'

/** Days and hours as on the wall of the site, whatever the clock of the reader's device says. */
export const dayIn = (timeZone: string, at: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(at)

export const clockIn = (timeZone: string, locale: string, iso: string): string =>
  new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' }).format(new Date(iso))

export function dayAfter(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** When a booking could start: every step of the grid that leaves room for one more. */
export function startsIn(free: Span[], gridMs: number): string[] {
  const starts = new Set<number>()
  for (const { from, until } of free)
    for (let at = Date.parse(from); at + gridMs <= Date.parse(until); at += gridMs) starts.add(at)
  return [...starts].sort((a, b) => a - b).map(toIso)
}

/** When it could end, having started then. */
export function endsAfter(start: string, free: Span[], { gridMs, longestMs }: { gridMs: number; longestMs: number }) {
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

const toIso = (ms: number): string => new Date(ms).toISOString()

/** The moment at which the site's wall clock shows `clock` (HH:MM) on that day; the first of two when it is put back. */
export function instantIn(timeZone: string, day: string, clock: string): Date {
  const wanted = Date.parse(`${day}T${clock}:00Z`)
  const shows = (at: number) => {
    const parts = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
      hourCycle: 'h23',
    })
    return Date.parse(`${parts.format(at).replace(', ', 'T')}:00Z`)
  }
  const hourMs = 3_600_000
  const offsets = [wanted - 14 * hourMs, wanted + 14 * hourMs].map(at => shows(at) - at)
  const fits = offsets.map(offset => wanted - offset).filter(at => shows(at) === wanted)
  return new Date(fits.length > 0 ? Math.min(...fits) : wanted - offsets[0]!)
}
