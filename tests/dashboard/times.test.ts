import { expect, test } from 'vitest'
import { clockIn, dayAfter, dayIn, endsAfter, instantIn, startsIn } from '../../dashboard/src/times.ts'

const paris = 'Europe/Paris'
const quarterMs = 900_000
const span = (from: string, until: string) => ({
  from: `2026-11-26T${from}:00.000Z`,
  until: `2026-11-26T${until}:00.000Z`,
})
const clocks = (times: string[]) => times.map(each => each.slice(11, 16))

test.each([
  ['2026-11-26', '14:00', '2026-11-26T13:00:00.000Z'],
  ['2026-07-01', '14:00', '2026-07-01T12:00:00.000Z'],
  ['2026-10-25', '01:00', '2026-10-24T23:00:00.000Z'],
  // twice on that night: the first
  ['2026-10-25', '02:30', '2026-10-25T00:30:00.000Z'],
  ['2026-10-25', '03:00', '2026-10-25T02:00:00.000Z'],
  // skipped on that night: the clock shows 03:30 then
  ['2026-03-29', '02:30', '2026-03-29T01:30:00.000Z'],
  ['2026-03-29', '03:00', '2026-03-29T01:00:00.000Z'],
  ['2026-12-31', '23:59', '2026-12-31T22:59:00.000Z'],
])('on %s at %s by the wall of Paris it is %s', (day, clock, instant) => {
  expect(instantIn(paris, day, clock).toISOString()).toBe(instant)
})

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
  const starts = startsIn(free, quarterMs)
  expect(clocks(starts).slice(0, 5)).toEqual(['09:00', '09:15', '09:30', '09:45', '14:00'])
  expect(clocks(starts).at(-1)).toBe('17:45')
  const rules = { gridMs: quarterMs, longestMs: 2 * 3_600_000 }
  expect(clocks(endsAfter(starts[2]!, free, rules))).toEqual(['09:45', '10:00'])
  expect(clocks(endsAfter('2026-11-26T14:00:00.000Z', free, rules)).at(-1)).toBe('16:00')
})

test('two places that are free at different times are both offered, each to its own end', () => {
  const free = [span('09:00', '10:00'), span('09:30', '11:00')]
  expect(clocks(startsIn(free, quarterMs))).toEqual([
    '09:00',
    '09:15',
    '09:30',
    '09:45',
    '10:00',
    '10:15',
    '10:30',
    '10:45',
  ])
  const rules = { gridMs: quarterMs, longestMs: 8 * 3_600_000 }
  expect(clocks(endsAfter('2026-11-26T09:15:00.000Z', free, rules)).at(-1)).toBe('10:00')
  expect(clocks(endsAfter('2026-11-26T09:45:00.000Z', free, rules)).at(-1)).toBe('11:00')
})
