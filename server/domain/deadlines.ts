import { addDays, clockOf, type Day, dayOf, endOfDay, momentOf, weekdayOf } from './days.ts'
import { isFrenchHoliday } from './french-holidays.ts'

const hourMs = 3600_000
/** A deadline is not a lock: until then the code opens all the same. */
export const opensAfterMs = 30 * 24 * hourMs
/** a bank away for longer than that hid its parcels */
export const outageMs = hourMs

/** The days on which nobody can collect: of the week (1 Monday … 7 Sunday), single ones, and public holidays. */
export type Closed = { weekdays: number[]; days: Day[]; holidays: 'FR' | null }

export function isClosed(day: Day, closed: Closed): boolean {
  if (closed.weekdays.includes(weekdayOf(day)) || closed.days.includes(day)) return true
  return closed.holidays === 'FR' && isFrenchHoliday(day)
}

/** A site that is closed for longer than this has no deadlines worth the name. */
const searchedDays = 366

function nextOpen(day: Day, closed: Closed): Day {
  for (let at = day, tried = 0; tried < searchedDays; at = addDays(at, 1), tried += 1)
    if (!isClosed(at, closed)) return at
  return day
}

export type Calendar = { closed: Closed; timeZone: string }
type SiteCalendar = { timeZone: string; closedWeekdays: number[]; closedDays: Day[]; holidays: 'FR' | null }

export const calendarOf = ({ timeZone, closedWeekdays, closedDays, holidays }: SiteCalendar): Calendar => ({
  ...{ timeZone, closed: { weekdays: closedWeekdays, days: closedDays, holidays } },
})

/** So many open days after the day of `from`, and then until the end of that day: never to the minute. */
export function deadlineAfter(from: Date, days: number, { closed, timeZone }: Calendar): Date {
  let day = dayOf(from, timeZone)
  for (let left = days; left > 0; left -= 1) day = nextOpen(addDays(day, 1), closed)
  return endOfDay(nextOpen(day, closed), timeZone)
}

/** Held while somebody is away: until the end of the first open day after the last day of the hold. */
export const deadlineAfterHold = (until: Day, { closed, timeZone }: Calendar): Date =>
  endOfDay(nextOpen(addDays(until, 1), closed), timeZone)

/** At least as much later as the bank was away, to the end of an open day again. */
export function deadlineAfterOutage(deadlineAt: Date, awayMs: number, { closed, timeZone }: Calendar): Date {
  if (awayMs <= outageMs) return deadlineAt
  return endOfDay(nextOpen(dayOf(new Date(deadlineAt.getTime() + awayMs), timeZone), closed), timeZone)
}

export type Reminder = 'two-days-left' | 'last-day'

/** In the order of their times: 48 hours before, and the morning of the last day. */
export function remindersOf(deadlineAt: Date, timeZone: string): { kind: Reminder; at: Date }[] {
  const morning = momentOf(dayOf(deadlineAt, timeZone), '08:00', timeZone)
  return [
    { kind: 'two-days-left', at: new Date(deadlineAt.getTime() - 48 * hourMs) },
    { kind: 'last-day', at: morning },
  ]
}

/** The first reminder still to come after `now`; null when there is none. */
export const nextReminder = (deadlineAt: Date, timeZone: string, now: Date) =>
  remindersOf(deadlineAt, timeZone).find(each => each.at > now) ?? null

/** The latest reminder whose time has come: who was not reminded in time hears of the last day only. */
export const reminderNow = (deadlineAt: Date, timeZone: string, now: Date): Reminder | null =>
  deadlineAt <= now ? null : (remindersOf(deadlineAt, timeZone).findLast(each => each.at <= now)?.kind ?? null)

/** From and until, HH:MM; over midnight when until is the earlier one. */
export type QuietHours = [from: string, until: string]

/** When the quiet hours that `at` lies in are over; null outside of them. */
export function quietUntil(at: Date, [from, until]: QuietHours, timeZone: string): Date | null {
  const [today, time] = [dayOf(at, timeZone), clockOf(at, timeZone)]
  if (from === until) return null
  if (from < until) return time >= from && time < until ? momentOf(today, until, timeZone) : null
  if (time >= from) return momentOf(addDays(today, 1), until, timeZone)
  return time < until ? momentOf(today, until, timeZone) : null
}
