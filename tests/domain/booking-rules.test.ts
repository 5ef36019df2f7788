import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BookableRoom,
  bookingProblem,
  freePlace,
  freeSpans,
  type HeldPlace,
  nextFree,
} from '../../server/domain/booking-rules.ts'
import {
  daySpan,
  type Exception,
  type Hours,
  openBetween,
  type RoomCalendar,
  type Span,
} from '../../server/domain/room-hours.ts'

const hourMs = 3600_000
const quarter = 15 * 60_000
const at = (text: string) => new Date(text)
const span = (from: string, until: string): Span => ({ from: at(from), until: at(until) })
const iso = ({ from, until }: Span) => `${from.toISOString().slice(0, 16)} ${until.toISOString().slice(0, 16)}`
const everyDay = (from: string, until: string): Hours[] =>
  [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, from, until }))
const paris = (hours: Hours[], more: Partial<RoomCalendar> = {}): RoomCalendar => ({
  ...{ timeZone: 'Europe/Paris', hours, exceptions: [], holidays: 'FR', ...more },
})
const room = (calendar: RoomCalendar, more: Partial<BookableRoom> = {}): BookableRoom => ({
  ...{ places: 1, bufferMs: 0, longestMs: 12 * hourMs, aheadMs: 400 * 24 * hourMs, calendar, ...more },
})

describe('when a room is open', () => {
  const weekly = [
    { weekday: 1, from: '09:00', until: '12:00' },
    { weekday: 1, from: '14:00', until: '18:00' },
    { weekday: 6, from: '20:00', until: '02:00' },
  ]
  const exceptions = [
    { day: '2026-07-13', from: null, until: null, reason: 'works' },
    { day: '2026-07-14', from: '10:00', until: '16:00', reason: null },
  ]
  test.each<[what: string, day: string, calendar: RoomCalendar, open: string[]]>([
    [
      ...['twice on a Monday', '2026-06-01'],
      paris(weekly),
      ['2026-06-01T07:00 2026-06-01T10:00', '2026-06-01T12:00 2026-06-01T16:00'],
    ] as never,
    ['not on a Tuesday', '2026-06-02', paris(weekly), []],
    ['closed by an exception', '2026-07-13', paris(weekly, { exceptions }), []],
    ['a holiday opened by one', '2026-07-14', paris(weekly, { exceptions }), ['2026-07-14T08:00 2026-07-14T14:00']],
    ['Easter Monday', '2026-04-06', paris(weekly), []],
    [
      'Easter Monday, where holidays are days as others',
      '2026-04-06',
      paris(weekly, { holidays: 'none' }),
      ['2026-04-06T07:00 2026-04-06T10:00', '2026-04-06T12:00 2026-04-06T16:00'],
    ],
    ['until midnight of a Saturday', '2026-06-06', paris(weekly), ['2026-06-06T18:00 2026-06-06T22:00']],
    ['and on Sunday until two', '2026-06-07', paris(weekly), ['2026-06-06T22:00 2026-06-07T00:00']],
    [
      'the night before a holiday goes on into it',
      '2026-08-15',
      paris([{ weekday: 5, from: '20:00', until: '02:00' }]),
      ['2026-08-14T22:00 2026-08-15T00:00'],
    ],
    ['a day of 23 hours', '2026-03-29', paris(everyDay('00:00', '00:00')), ['2026-03-28T23:00 2026-03-29T22:00']],
    ['a day of 25 hours', '2026-10-25', paris(everyDay('00:00', '00:00')), ['2026-10-24T22:00 2026-10-25T23:00']],
    [
      'from a clock that is never shown: from the first moment after it',
      '2026-03-29',
      paris(everyDay('02:30', '08:00')),
      ['2026-03-29T01:00 2026-03-29T06:00'],
    ],
    ['between two that are never shown: not at all', '2026-03-29', paris(everyDay('02:15', '02:45')), []],
    [
      'from a clock that is shown twice: from the first',
      '2026-10-25',
      paris(everyDay('02:30', '08:00')),
      ['2026-10-25T00:30 2026-10-25T07:00'],
    ],
    [
      'in another time zone',
      '2026-06-01',
      paris(weekly, { timeZone: 'Indian/Reunion' }),
      ['2026-06-01T05:00 2026-06-01T08:00', '2026-06-01T10:00 2026-06-01T14:00'],
    ],
    [
      'where summer time is half an hour',
      '2026-10-04',
      paris(everyDay('00:00', '00:00'), { timeZone: 'Australia/Lord_Howe' }),
      ['2026-10-03T13:30 2026-10-04T13:00'],
    ],
  ])('%s, %s', (_what, day, calendar, open) => {
    expect(openBetween(daySpan(day, calendar.timeZone), calendar).map(iso)).toEqual(open)
  })
})

describe('what may be booked', () => {
  const now = at('2026-03-02T10:05:00Z')
  const weekdays = [1, 2, 3, 4, 5].map(weekday => ({ weekday, from: '08:00', until: '20:00' }))
  const day = room(paris(weekdays))
  const night = room(paris(everyDay('00:00', '00:00'), { holidays: 'none' }))
  const ahead = room(paris(weekdays), { aheadMs: 7 * 24 * hourMs })
  type Row = [what: string, wanted: Span, where: BookableRoom, refused: [reason: string, field: string] | null]
  test.each<Row>([
    ['an hour of the day', span('2026-03-03T08:00Z', '2026-03-03T09:00Z'), day, null],
    ['the quarter that runs', span('2026-03-02T10:00Z', '2026-03-02T11:00Z'), day, null],
    ['all of its hours', span('2026-03-03T07:00Z', '2026-03-03T19:00Z'), day, null],
    ['said in another time zone', span('2026-03-03T17:00+09:00', '2026-03-03T04:00-05:00'), day, null],
    ['the quarter before', span('2026-03-02T09:45Z', '2026-03-02T11:00Z'), day, ['in-the-past', 'from']],
    ['last year', span('2025-03-03T09:00Z', '2025-03-03T10:00Z'), day, ['in-the-past', 'from']],
    ['ten past', span('2026-03-03T09:10Z', '2026-03-03T10:00Z'), day, ['not-on-grid', 'from']],
    ['until ten past', span('2026-03-03T09:00Z', '2026-03-03T10:10Z'), day, ['not-on-grid', 'until']],
    ['with seconds', span('2026-03-03T09:00:01Z', '2026-03-03T10:00Z'), day, ['not-on-grid', 'from']],
    ['its end before its start', span('2026-03-03T10:00Z', '2026-03-03T09:00Z'), day, ['ends-before-start', 'until']],
    ['no time at all', span('2026-03-03T10:00Z', '2026-03-03T10:00Z'), day, ['ends-before-start', 'until']],
    ['ten years', span('2026-03-03T10:00Z', '2036-03-03T10:00Z'), night, ['too-long', 'until']],
    ['a quarter too long', span('2026-03-03T07:00Z', '2026-03-03T19:15Z'), night, ['too-long', 'until']],
    ['in ten years', span('2036-03-03T10:00Z', '2036-03-03T11:00Z'), day, ['too-far-ahead', 'from']],
    ['as far ahead as allowed', span('2026-03-09T10:00Z', '2026-03-09T11:00Z'), ahead, null],
    ['a quarter further', span('2026-03-09T10:15Z', '2026-03-09T11:00Z'), ahead, ['too-far-ahead', 'from']],
    ['a Sunday', span('2026-03-08T10:00Z', '2026-03-08T11:00Z'), day, ['closed-day', 'from']],
    ['a public holiday', span('2026-05-01T10:00Z', '2026-05-01T11:00Z'), day, ['closed-day', 'from']],
    ['before it opens', span('2026-03-03T06:45Z', '2026-03-03T08:00Z'), day, ['outside-hours', 'from']],
    ['after it closes', span('2026-03-03T19:00Z', '2026-03-03T20:00Z'), day, ['outside-hours', 'from']],
    ['over its closing', span('2026-03-03T18:00Z', '2026-03-03T19:15Z'), day, ['outside-hours', 'until']],
    ['over midnight', span('2026-03-03T22:00Z', '2026-03-04T01:00Z'), night, null],
    ['over the change to summer time', span('2026-03-28T22:00Z', '2026-03-29T04:00Z'), night, null],
    ['over the change back', span('2026-10-24T22:00Z', '2026-10-25T05:00Z'), night, null],
    [
      'over midnight into a closed day',
      span('2026-03-03T22:00Z', '2026-03-04T01:00Z'),
      room(paris(everyDay('00:00', '00:00').filter(each => each.weekday !== 3))),
      ['closed-day', 'until'],
    ],
    // 08:00 on the wall is 07:00Z in winter, 06:00Z in summer
    ['when it opens in winter', span('2026-03-27T07:00Z', '2026-03-27T08:00Z'), day, null],
    ['an hour too early for winter', span('2026-03-27T06:00Z', '2026-03-27T07:00Z'), day, ['outside-hours', 'from']],
    ['when it opens in summer', span('2026-03-30T06:00Z', '2026-03-30T07:00Z'), day, null],
    ['when it opens in winter again', span('2026-10-26T07:00Z', '2026-10-26T08:00Z'), day, null],
    ['an hour too early again', span('2026-10-26T06:00Z', '2026-10-26T07:00Z'), day, ['outside-hours', 'from']],
  ])('%s', (_what, wanted, where, refused) => {
    const problem = bookingProblem(wanted, where, now)
    expect(problem && [problem.reason, problem.field]).toEqual(refused)
  })

  test('a refusal says what would do', () => {
    const details = (wanted: Span, where = day) => bookingProblem(wanted, where, now)?.details
    expect(details(span('2026-05-01T10:00Z', '2026-05-01T11:00Z'))).toEqual({ day: '2026-05-01', closed: 'holiday' })
    expect(details(span('2026-03-03T18:00Z', '2026-03-03T19:15Z'))).toEqual({
      ...{ day: '2026-03-03', open: [span('2026-03-03T07:00Z', '2026-03-03T19:00Z')] },
    })
    expect(details(span('2036-03-03T10:00Z', '2036-03-03T11:00Z'))).toEqual({ latest: at('2027-04-06T10:05Z') })
    expect(details(span('2026-03-03T10:00Z', '2036-03-03T10:00Z'))).toEqual({ longestMs: 12 * hourMs })
  })
})

describe('what is free', () => {
  const now = at('2026-03-02T10:05:00Z')
  const calendar = paris(everyDay('08:00', '20:00'), { holidays: 'none' })
  const held = (place: number, from: string, heldUntil: string): HeldPlace => ({
    ...{ place, from: at(from), heldUntil: at(heldUntil) },
  })
  const tuesday = daySpan('2026-03-03', 'Europe/Paris')
  const told = (where: BookableRoom, taken: HeldPlace[], within = tuesday) =>
    freeSpans(within, where, { held: taken, now }).map(each => `${iso(each)} ${each.places}`)

  test('between what is booked, buffers before and after left alone, on the grid', () => {
    const where = room(calendar, { bufferMs: 10 * 60_000 })
    expect(told(where, [held(1, '2026-03-03T09:00Z', '2026-03-03T11:10Z')])).toEqual([
      '2026-03-03T07:00 2026-03-03T08:45 1',
      '2026-03-03T11:15 2026-03-03T19:00 1',
    ])
  })

  test('a place is free when nobody has it for the time, nor before the buffer after it is over', () => {
    const where = room(calendar, { places: 2, bufferMs: quarter })
    const taken = [held(1, '2026-03-03T10:00Z', '2026-03-03T11:15Z'), held(2, '2026-03-03T08:00Z', '2026-03-03T18:15Z')]
    const place = (from: string, until: string) =>
      freePlace(span(`2026-03-03T${from}Z`, `2026-03-03T${until}Z`), where, taken)
    expect([place('09:00', '09:45'), place('09:00', '10:00')]).toEqual([1, undefined])
    expect([place('11:15', '12:00'), place('11:00', '12:00')]).toEqual([1, undefined])
    expect(place('19:00', '20:00')).toBe(1)
    expect(place('07:00', '07:45')).toBe(1)
  })

  test('of several places: each stretch, and at how many of them', () => {
    const where = room(calendar, { places: 3 })
    const taken = [held(1, '2026-03-03T09:00Z', '2026-03-03T11:00Z'), held(2, '2026-03-03T07:00Z', '2026-03-03T19:00Z')]
    expect(told(where, taken)).toEqual([
      '2026-03-03T07:00 2026-03-03T09:00 2',
      '2026-03-03T07:00 2026-03-03T19:00 1',
      '2026-03-03T11:00 2026-03-03T19:00 2',
    ])
  })

  test('from the running quarter, and not further ahead than may be booked', () => {
    expect(told(room(calendar), [], daySpan('2026-03-02', 'Europe/Paris'))).toEqual([
      '2026-03-02T10:00 2026-03-02T19:00 1',
    ])
    expect(told(room(calendar, { aheadMs: hourMs, longestMs: hourMs }), [])).toEqual([])
  })

  test('who comes second is offered the next three times of the same length', () => {
    const wished = span('2026-03-03T16:00Z', '2026-03-03T17:00Z')
    const taken = [held(1, '2026-03-03T16:00Z', '2026-03-03T17:00Z'), held(1, '2026-03-03T17:30Z', '2026-03-03T18:00Z')]
    expect(nextFree(wished, room(calendar), { held: taken, now }).map(iso)).toEqual([
      '2026-03-03T18:00 2026-03-03T19:00',
      '2026-03-04T07:00 2026-03-04T08:00',
      '2026-03-04T08:00 2026-03-04T09:00',
    ])
  })

  const begin = at('2026-03-26T00:00Z').getTime()
  const wish = fc.record({ start: fc.nat(96 * 2), length: fc.integer({ min: 1, max: 12 }) })
  const spanOf = ({ start, length }: { start: number; length: number }): Span => ({
    ...{ from: new Date(begin + start * quarter), until: new Date(begin + (start + length) * quarter) },
  })

  test('what is said to be free can be booked, what is offered too, and no two that hold one place overlap', () => {
    const zones = ['Europe/Paris', 'Australia/Lord_Howe', 'America/New_York']
    const rooms = fc.record({
      places: fc.integer({ min: 1, max: 3 }),
      bufferMs: fc.constantFrom(0, 10 * 60_000, quarter),
      longestMs: fc.constant(12 * quarter),
      aheadMs: fc.constant(30 * 24 * hourMs),
      calendar: fc.record({
        timeZone: fc.constantFrom(...zones),
        hours: fc.constantFrom(everyDay('00:00', '00:00'), everyDay('18:00', '03:30'), everyDay('09:00', '17:00')),
        exceptions: fc.constant<Exception[]>([]),
        holidays: fc.constant('FR' as const),
      }),
    })
    const property = fc.property(
      rooms,
      fc.array(wish, { minLength: 10, maxLength: 40 }),
      wish,
      (where, wishes, last) => {
        const taken: HeldPlace[] = []
        const present = new Date(begin - hourMs)
        for (const wanted of wishes.map(spanOf)) {
          if (bookingProblem(wanted, where, present)) continue
          const place = freePlace(wanted, where, taken)
          if (place === undefined) continue
          const heldUntil = new Date(wanted.until.getTime() + where.bufferMs)
          for (const other of taken.filter(each => each.place === place))
            expect(other.heldUntil <= wanted.from || heldUntil <= other.from).toBe(true)
          taken.push({ place, from: wanted.from, heldUntil })
        }
        const around = { held: taken, now: present }
        const within = { from: new Date(begin), until: new Date(begin + 2 * 24 * hourMs) }
        for (const { places, ...free } of freeSpans(within, where, around)) {
          const long = free.until.getTime() - free.from.getTime() > where.longestMs
          if (!long) expect(bookingProblem(free, where, present)).toBe(null)
          expect(freePlace(free, where, taken)).toBeDefined()
          expect(places).toBeGreaterThan(0)
        }
        const wished = spanOf(last)
        const offers = nextFree(wished, where, around)
        for (const each of offers) {
          expect(each.from >= wished.from).toBe(true)
          expect(bookingProblem(each, where, present)).toBe(null)
          expect(freePlace(each, where, taken)).toBeDefined()
        }
        // and nothing earlier was passed over
        const first = offers[0]?.from.getTime()
        const isFree = !bookingProblem(wished, where, present) && freePlace(wished, where, taken) !== undefined
        expect(isFree).toBe(first === wished.from.getTime())
      },
    )
    fc.assert(property, { numRuns: 100 })
  })
})
