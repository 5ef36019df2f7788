import { expect, test } from 'vitest'
import { dayText, readDay, weekdayName } from '../../dashboard/src/settings/week.ts'
import { isWholeDay } from '../../dashboard/src/times.ts'

test.each([
  ['9-12, 14-18:30', ['09:00-12:00', '14:00-18:30']],
  ['9h-12h; 14h30–18h', ['09:00-12:00', '14:30-18:00']],
  ['0-24', ['00:00-00:00']],
  ['18-2', ['18:00-02:00']],
  ['', []],
  [' , ', []],
  ['9', undefined],
  ['9-25', undefined],
  ['9-12:75', undefined],
  ['9-24:30', undefined],
  ['matin', undefined],
])('%j', (text, spans) => {
  expect(readDay(3, text)?.map(each => `${each.from}-${each.until}`)).toEqual(spans)
})

test('what was read is shown so that it can be read again', () => {
  for (const text of ['09:00-12:00, 14:00-18:30', '00:00-24:00', '18:00-02:00', ''])
    expect(dayText([...readDay(2, text)!, { weekday: 3, from: '01:00', until: '02:00' }], 2)).toBe(text)
  expect([weekdayName(1, 'fr-FR'), weekdayName(7, 'en-GB')]).toEqual(['lundi', 'Sunday'])
})

test.each([
  ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', true], // 23 hours
  ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', true], // 25 hours
  ['2026-06-09T22:00:00Z', '2026-06-10T22:00:00Z', true],
  ['2026-06-09T22:00:00Z', '2026-06-10T21:45:00Z', false],
  ['2026-06-10T00:00:00Z', '2026-06-11T00:00:00Z', false],
  ['2026-06-09T22:00:00Z', '2026-06-09T22:00:00Z', false],
])('from %s until %s is a whole day in Paris: %s', (from, until, is) => {
  expect(isWholeDay('Europe/Paris', { from, until })).toBe(is)
})
