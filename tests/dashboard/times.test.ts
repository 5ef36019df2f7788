import { expect, test } from 'vitest'
import { clockIn, dayAfter, dayIn, endsAfter, spanFrom, startOfDay, startsIn } from '../../dashboard/src/times.ts'

const paris = 'Europe/Paris'
const hourMs = 3_600_000
const span = (from: string, until: string) => ({
  from: `2026-11-26T${from}:00.000Z`,
  until: `2026-11-26T${until}:00.000Z`,
})
/** no start of that day is later */
const offered = (free: ReturnType<typeof span>[], lastStart = '23:45') => ({
  free,
  lastStart: span(lastStart, '').from,
})
const clocks = (times: string[]) => times.map(each => each.slice(11, 16))

test('what is shown is the site’s day and hour, whatever the reader’s own clock is set to', () => {
  const late = '2026-12-31T23:30:00.000Z'
  expect(dayIn(paris, new Date(late))).toBe('2027-01-01')
  expect(dayIn('America/Martinique', new Date(late))).toBe('2026-12-31')
  expect(clockIn(paris, 'fr-FR', late)).toBe('00:30')
  expect([dayAfter('2026-02-28', 1), dayAfter('2027-01-01', -1), dayAfter('2026-10-25', 1)]).toEqual([
    '2026-03-01',
    '2026-12-31',
    '2026-10-26',
  ])
})

test('a start leaves room for a quarter; an end is not later than what is free, nor than the longest booking', () => {
  const free = [span('09:00', '10:00'), span('14:00', '18:00')]
  const starts = startsIn(offered(free))
  expect(clocks(starts).slice(0, 5)).toEqual(['09:00', '09:15', '09:30', '09:45', '14:00'])
  expect(clocks(starts).at(-1)).toBe('17:45')
  expect(clocks(startsIn(offered(free, '14:15')))).toEqual(['09:00', '09:15', '09:30', '09:45', '14:00', '14:15'])
  expect(clocks(endsAfter(starts[2]!, free, 2 * hourMs))).toEqual(['09:45', '10:00'])
  expect(clocks(endsAfter('2026-11-26T14:00:00.000Z', free, 2 * hourMs)).at(-1)).toBe('16:00')
})

test('two places that are free at different times are both offered, each to its own end', () => {
  const free = [span('09:00', '10:00'), span('09:30', '11:00')]
  expect(clocks(startsIn(offered(free)))).toEqual([
    '09:00',
    '09:15',
    '09:30',
    '09:45',
    '10:00',
    '10:15',
    '10:30',
    '10:45',
  ])
  expect(clocks(endsAfter('2026-11-26T09:15:00.000Z', free, 8 * hourMs)).at(-1)).toBe('10:00')
  expect(clocks(endsAfter('2026-11-26T09:45:00.000Z', free, 8 * hourMs)).at(-1)).toBe('11:00')
})

test('what is free goes on into the next day; its starts are that day’s own', () => {
  const free = [{ from: span('23:00', '').from, until: '2026-11-27T03:00:00.000Z' }]
  expect(clocks(startsIn(offered(free)))).toEqual(['23:00', '23:15', '23:30', '23:45'])
  expect(clocks(endsAfter(free[0]!.from, free, 4 * hourMs)).at(-1)).toBe('03:00')
})

test('an hour is proposed, or what is left of it, or nothing', () => {
  const free = [span('09:00', '10:30')]
  expect(spanFrom(free[0]!.from, free, 8 * hourMs)).toEqual(span('09:00', '10:00'))
  expect(spanFrom(span('10:00', '10:30').from, free, 8 * hourMs)).toEqual(span('10:00', '10:30'))
  expect(spanFrom(startsIn(offered([]))[0], [], 8 * hourMs)).toBeUndefined()
})

test.each([
  [paris, '2026-07-01', '2026-06-30T22:00:00.000Z'],
  [paris, '2026-12-01', '2026-11-30T23:00:00.000Z'],
  // the clocks change at two in the morning: the day begins by the time of the night
  [paris, '2026-03-29', '2026-03-28T23:00:00.000Z'],
  [paris, '2026-10-25', '2026-10-24T22:00:00.000Z'],
  ['America/Martinique', '2026-07-01', '2026-07-01T04:00:00.000Z'],
  ['Indian/Reunion', '2026-07-01', '2026-06-30T20:00:00.000Z'],
])('in %s the day %s begins at %s', (timeZone, day, at) => {
  expect(startOfDay(timeZone, day)).toBe(at)
})
