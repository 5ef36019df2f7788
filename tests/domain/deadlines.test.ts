import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, dayOf, endOfDay, isDay, momentOf, weekdayOf } from '../../server/domain/days.ts'
import {
  type Closed,
  deadlineAfter,
  deadlineAfterHold,
  deadlineAfterOutage,
  isClosed,
  nextReminder,
  quietUntil,
  reminderNow,
  remindersOf,
} from '../../server/domain/deadlines.ts'
import { easterOf, isFrenchHoliday } from '../../server/domain/french-holidays.ts'

const paris = 'Europe/Paris'
const at = (text: string) => new Date(text)
const iso = (moment: Date | null | undefined) => moment?.toISOString() ?? null
const open: Closed = { weekdays: [], days: [], holidays: null }
const sundays: Closed = { weekdays: [7], days: [], holidays: 'FR' }

describe('the moment of a time on the wall', () => {
  test.each([
    ['winter', '2026-01-15', '08:00', paris, '2026-01-15T07:00:00.000Z'],
    ['summer', '2026-07-15', '08:00', paris, '2026-07-15T06:00:00.000Z'],
    ['left out in March: the first moment after it', '2026-03-29', '02:30', paris, '2026-03-29T01:00:00.000Z'],
    ['just before the gap', '2026-03-29', '01:59', paris, '2026-03-29T00:59:00.000Z'],
    ['just after the gap', '2026-03-29', '03:00', paris, '2026-03-29T01:00:00.000Z'],
    ['twice in October: the first', '2026-10-25', '02:30', paris, '2026-10-25T00:30:00.000Z'],
    ['before the change in October', '2026-10-25', '01:30', paris, '2026-10-24T23:30:00.000Z'],
    ['after the change in October', '2026-10-25', '03:30', paris, '2026-10-25T02:30:00.000Z'],
    ['a midnight that does not exist', '2026-04-24', '00:00', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
    ['far east', '2026-06-01', '00:00', 'Pacific/Kiritimati', '2026-05-31T10:00:00.000Z'],
    ['far west', '2026-06-01', '00:00', 'Pacific/Pago_Pago', '2026-06-01T11:00:00.000Z'],
    ['half an hour of change', '2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
  ])('%s', (_, day, time, zone, expected) => expect(iso(momentOf(day, time, zone))).toBe(expected))

  test('the end of a day is the last moment of it, for every day of some years in zones that change and do not', () => {
    const zones = fc.constantFrom(paris, 'America/New_York', 'Africa/Cairo', 'Asia/Kolkata', 'Pacific/Auckland', 'UTC')
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 3_000 }), (zone, days) => {
        const day = addDays('2024-01-01', days)
        const end = endOfDay(day, zone)
        expect([dayOf(end, zone), dayOf(new Date(end.getTime() + 1), zone)]).toEqual([day, addDays(day, 1)])
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['2026-02-28', true],
    ['2026-02-29', false],
    ['2024-02-29', true],
    ['2026-13-01', false],
    ['2026-1-1', false],
    ['tomorrow', false],
  ])('%s is a day: %s', (day, expected) => expect(isDay(day)).toBe(expected))

  test('weekdays are those of ISO 8601', () =>
    expect(['2026-11-23', '2026-11-28', '2026-11-29'].map(weekdayOf)).toEqual([1, 6, 7]))
})

describe('French public holidays', () => {
  test.each([
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2038, '2038-04-25'],
    [2285, '2285-03-22'],
  ])('Easter of %i', (year, expected) => expect(easterOf(year)).toBe(expected))

  test('those of 2026, all of them', () => {
    const days = Array.from({ length: 365 }, (_, n) => addDays('2026-01-01', n))
    expect(days.filter(isFrenchHoliday)).toEqual([
      ...['2026-01-01', '2026-04-06', '2026-05-01', '2026-05-08', '2026-05-14', '2026-05-25'],
      ...['2026-07-14', '2026-08-15', '2026-11-01', '2026-11-11', '2026-12-25'],
    ])
  })
})

describe('the deadline', () => {
  test.each<[string, string, number, Closed, string]>([
    ['5 days, to the end of the day', '2026-11-23T09:12:00Z', 5, open, '2026-11-28T22:59:59.999Z'],
    ['placed just before midnight there', '2026-11-23T22:59:00Z', 5, open, '2026-11-28T22:59:59.999Z'],
    ['placed just after midnight there', '2026-11-23T23:01:00Z', 5, open, '2026-11-29T22:59:59.999Z'],
    ['over the change to summer time', '2026-03-27T12:00:00Z', 5, open, '2026-04-01T21:59:59.999Z'],
    ['on the day of that change, of 23 hours', '2026-03-27T12:00:00Z', 2, open, '2026-03-29T21:59:59.999Z'],
    ['over the change to winter time', '2026-10-23T12:00:00Z', 5, open, '2026-10-28T22:59:59.999Z'],
    ['on the day of that change, of 25 hours', '2026-10-23T12:00:00Z', 2, open, '2026-10-25T22:59:59.999Z'],
    ['a closed Sunday does not count', '2026-11-26T09:00:00Z', 5, sundays, '2026-12-02T22:59:59.999Z'],
    ['nor do Sunday and 11 November', '2026-11-06T09:00:00Z', 5, sundays, '2026-11-13T22:59:59.999Z'],
    [
      'a week off',
      '2026-12-18T09:00:00Z',
      2,
      { ...sundays, days: ['2026-12-21', '2026-12-22'] },
      '2026-12-23T22:59:59.999Z',
    ],
    ['0 days on a closed day: the next open one', '2026-11-29T09:00:00Z', 0, sundays, '2026-11-30T22:59:59.999Z'],
  ])('%s', (_, from, days, closed, expected) =>
    expect(iso(deadlineAfter(at(from), days, { closed, timeZone: paris }))).toBe(expected),
  )

  test('never on a closed day, never fewer open days than promised, always the end of a day', () => {
    const closed = fc.record({
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 6 }),
      days: fc.array(
        fc.integer({ min: 0, max: 60 }).map(n => addDays('2026-10-01', n)),
        { maxLength: 10 },
      ),
      holidays: fc.constantFrom('FR' as const, null),
    })
    const minutes = fc.integer({ min: 0, max: 60 * 24 * 60 })
    fc.assert(
      fc.property(closed, minutes, fc.integer({ min: 1, max: 30 }), (closed, minute, days) => {
        const from = new Date(Date.parse('2026-10-01T00:00:00Z') + minute * 60_000)
        const deadline = deadlineAfter(from, days, { closed, timeZone: paris })
        const last = dayOf(deadline, paris)
        expect([isClosed(last, closed), iso(endOfDay(last, paris))]).toEqual([false, iso(deadline)])
        let openDays = 0
        for (let day = dayOf(from, paris); day !== last; ) {
          day = addDays(day, 1)
          if (!isClosed(day, closed)) openDays += 1
        }
        expect(openDays).toBe(days)
      }),
      { numRuns: 300 },
    )
  })

  test('closed every day: an end all the same', () => {
    const never: Closed = { weekdays: [1, 2, 3, 4, 5, 6, 7], days: [], holidays: null }
    expect(iso(deadlineAfter(at('2026-11-23T09:00:00Z'), 1, { closed: never, timeZone: paris }))).toBe(
      '2026-11-24T22:59:59.999Z',
    )
  })

  test.each<[string, string, Closed, string]>([
    ['back on a weekday', '2026-12-02', open, '2026-12-03T22:59:59.999Z'],
    ['back on a closed Sunday', '2026-11-28', sundays, '2026-11-30T22:59:59.999Z'],
  ])('held: %s', (_, until, closed, expected) =>
    expect(iso(deadlineAfterHold(until, { closed, timeZone: paris }))).toBe(expected),
  )

  test.each<[string, number, Closed, string]>([
    ['exactly one hour is no outage', 60, open, '2026-11-27T22:59:59.999Z'],
    ['an hour and a minute: the next day, to its end', 61, open, '2026-11-28T22:59:59.999Z'],
    ['two days', 2 * 24 * 60, open, '2026-11-29T22:59:59.999Z'],
    ['two days into a Sunday', 2 * 24 * 60, sundays, '2026-11-30T22:59:59.999Z'],
  ])('after an outage: %s', (_, minutes, closed, expected) =>
    expect(
      iso(deadlineAfterOutage(at('2026-11-27T22:59:59.999Z'), minutes * 60_000, { closed, timeZone: paris })),
    ).toBe(expected),
  )
})

describe('reminders', () => {
  const deadline = at('2026-11-28T22:59:59.999Z')
  test.each([
    ['long before', '2026-11-23T09:00:00Z', null, 'two-days-left'],
    ['at 48 h', '2026-11-26T23:00:00Z', 'two-days-left', 'last-day'],
    ['the evening before', '2026-11-27T20:00:00Z', 'two-days-left', 'last-day'],
    ['the last morning', '2026-11-28T07:00:00Z', 'last-day', null],
    ['after it', '2026-11-29T00:00:00Z', null, null],
  ])('%s', (_, now, due, next) => {
    expect(reminderNow(deadline, paris, at(now))).toBe(due)
    expect(nextReminder(deadline, paris, at(now))?.kind ?? null).toBe(next)
  })

  test.each([
    [
      'to summer time: 48 hours are 48 hours',
      '2026-03-29T21:59:59.999Z',
      ['2026-03-27T21:59:59.999Z', '2026-03-29T06:00:00.000Z'],
    ],
    ['to winter time', '2026-10-25T22:59:59.999Z', ['2026-10-23T22:59:59.999Z', '2026-10-25T07:00:00.000Z']],
  ])('%s', (_, last, expected) => expect(remindersOf(at(last), paris).map(each => iso(each.at))).toEqual(expected))
})

describe('quiet hours', () => {
  test.each<[string, string, [string, string], string | null]>([
    ['in the evening', '2026-11-25T22:30:00Z', ['22:00', '07:00'], '2026-11-26T06:00:00.000Z'],
    ['after midnight', '2026-11-26T03:00:00Z', ['22:00', '07:00'], '2026-11-26T06:00:00.000Z'],
    ['at 22:00 sharp', '2026-11-25T21:00:00Z', ['22:00', '07:00'], '2026-11-26T06:00:00.000Z'],
    ['at 7:00 sharp', '2026-11-26T06:00:00Z', ['22:00', '07:00'], null],
    ['by day', '2026-11-26T12:00:00Z', ['22:00', '07:00'], null],
    ['a quiet noon', '2026-11-26T11:30:00Z', ['12:00', '14:00'], '2026-11-26T13:00:00.000Z'],
    ['none', '2026-11-26T03:00:00Z', ['00:00', '00:00'], null],
    ['the night that is an hour shorter', '2026-03-28T22:00:00Z', ['22:00', '07:00'], '2026-03-29T05:00:00.000Z'],
    ['the night that is an hour longer', '2026-10-24T21:00:00Z', ['22:00', '07:00'], '2026-10-25T06:00:00.000Z'],
  ])('%s', (_, now, hours, expected) => expect(iso(quietUntil(at(now), hours, paris))).toBe(expected))
})
