import { addDays, type Day, dayOf, momentOf, weekdayOf } from './days.ts'
import { isFrenchHoliday } from './french-holidays.ts'

/** Clocks on the wall, HH:MM; `until` not later than `from`: on the next day. */
type OpenHours = { from: string; until: string }
export type Hours = OpenHours & { weekday: number }
export type Exception = { day: Day; from: string | null; until: string | null; reason: string | null }
export type RoomCalendar = { timeZone: string; hours: Hours[]; exceptions: Exception[]; holidays: 'none' | 'FR' }

export type Span = { from: Date; until: Date }
export type ClosedWhy = 'weekday' | 'exception' | 'holiday'

/** The hours of a day, and why there are none. What stands for a single day goes before all, a holiday before the weekday. */
export function hoursOf(day: Day, calendar: RoomCalendar): { hours: OpenHours[]; closed: ClosedWhy | null } {
  const exception = calendar.exceptions.find(each => each.day === day)
  if (exception) {
    const { from, until } = exception
    return from === null || until === null
      ? { hours: [], closed: 'exception' }
      : { hours: [{ from, until }], closed: null }
  }
  if (calendar.holidays === 'FR' && isFrenchHoliday(day)) return { hours: [], closed: 'holiday' }
  const hours = calendar.hours.filter(each => each.weekday === weekdayOf(day))
  return { hours, closed: hours.length === 0 ? 'weekday' : null }
}

/** The moments between which it is open from the hours of one day; they may end on the next. */
function spansOf(day: Day, calendar: RoomCalendar): Span[] {
  const { timeZone } = calendar
  return hoursOf(day, calendar)
    .hours.map(({ from, until }) => ({
      from: momentOf(day, from, timeZone),
      until: momentOf(until > from ? day : addDays(day, 1), until, timeZone),
    }))
    .filter(({ from, until }) => from < until)
}

/** When it is open between two moments, in order; hours that touch, as over midnight, are one stretch. */
export function openBetween({ from, until }: Span, calendar: RoomCalendar): Span[] {
  const { timeZone } = calendar
  const spans: Span[] = []
  // the hours of the day before may go on
  for (let day = addDays(dayOf(from, timeZone), -1); day <= dayOf(until, timeZone); day = addDays(day, 1))
    spans.push(...spansOf(day, calendar))
  return merged(spans)
    .map(span => ({ from: later(span.from, from), until: earlier(span.until, until) }))
    .filter(span => span.from < span.until)
}

function merged(spans: Span[]): Span[] {
  const found: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = found.at(-1)
    if (last && span.from <= last.until) last.until = later(last.until, span.until)
    else found.push({ ...span })
  }
  return found
}

export const later = (a: Date, b: Date): Date => (a > b ? a : b)
export const earlier = (a: Date, b: Date): Date => (a < b ? a : b)

/** From midnight to midnight: 23, 24 or 25 hours. */
export const daySpan = (day: Day, timeZone: string): Span => ({
  from: momentOf(day, '00:00', timeZone),
  until: momentOf(addDays(day, 1), '00:00', timeZone),
})
