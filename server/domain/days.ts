/** Days are texts, YYYY-MM-DD, as the calendar on a wall shows them; moments are Dates. */
export type Day = string

const dayMs = 24 * 3600_000

/** The day that a moment falls on in a time zone. */
export const dayOf = (at: Date, timeZone: string): Day => wallOf(at, timeZone)[0]

// making one takes 100 times as long as using it, and a fortnight of opening hours asks for hundreds of days
const walls = new Map<string, Intl.DateTimeFormat>()

function wallOf(at: Date, timeZone: string): [day: Day, clock: string] {
  let wall = walls.get(timeZone)
  if (!wall) {
    const digits = '2-digit'
    const form = {
      year: 'numeric',
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      hourCycle: 'h23',
    } as const
    wall = new Intl.DateTimeFormat('en', { timeZone, calendar: 'iso8601', ...form })
    walls.set(timeZone, wall)
  }
  const parts = wall.formatToParts(at)
  const part = (type: string) => parts.find(each => each.type === type)!.value
  return [`${part('year')}-${part('month')}-${part('day')}`, `${part('hour')}:${part('minute')}`]
}

export const addDays = (day: Day, days: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** 1 is Monday, 7 is Sunday (ISO 8601). */
export const weekdayOf = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7

export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text

/**
 * The moment that a clock on the wall shows this time of this day, HH:MM. A time that summer time leaves out is the
 * first moment after it; one that comes twice is the first.
 */
export function momentOf(day: Day, time: string, timeZone: string): Date {
  const aimed = Date.parse(`${day}T${time}:00Z`)
  const shows = (ms: number) => Date.parse(`${wallOf(new Date(ms), timeZone).join('T')}:00Z`)
  // zones lie 12 hours west to 14 hours east; the offsets a day before and after hold whatever change lies between
  const offsets = [aimed - dayMs, aimed + dayMs].map(ms => shows(ms) - ms)
  const fitting = offsets.map(offset => aimed - offset).filter(ms => shows(ms) === aimed)
  if (fitting.length > 0) return new Date(Math.min(...fitting))
  return firstShowing(aimed, Math.min(...offsets.map(offset => aimed - offset)), shows)
}

const minuteMs = 60_000

/** Inside the gap: the wall clock jumps over what was aimed at, at most some hours after `from`. */
function firstShowing(aimed: number, from: number, shows: (ms: number) => number): Date {
  let [low, high] = [from - 3 * 3600_000, from + 3 * 3600_000]
  while (high - low > minuteMs) {
    const middle = low + Math.floor((high - low) / 2 / minuteMs) * minuteMs
    if (shows(middle) < aimed) low = middle
    else high = middle
  }
  return new Date(high)
}

/** HH:MM on the wall. */
export const clockOf = (at: Date, timeZone: string): string => wallOf(at, timeZone)[1]

/** The last moment of a day, however long the day is. */
export const endOfDay = (day: Day, timeZone: string): Date =>
  new Date(momentOf(addDays(day, 1), '00:00', timeZone).getTime() - 1)
