import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Statistics, Way } from '../../schema/api/statistics.ts'
import type { Context } from '../../server/context.ts'
import { statisticsOf } from '../../server/domain/statistics.ts'
import { openHouse } from './house.ts'
import { counted } from './naive-statistics.ts'
import { type Past, type PastParcel, tellPast } from './past.ts'

let ctx: Context
let close: () => Promise<void>
const at = (text: string) => new Date(`${text}:00Z`)

beforeAll(async () => {
  const house = await openHouse()
  ctx = { ...house.ctx, now: () => at('2026-11-20T12:00') }
  close = house.close
})
afterAll(() => close?.())

const old = at('2026-01-01T00:00')
const parcel = (more: Partial<PastParcel>): PastParcel => ({
  ...{ box: 0, size: 'S', state: 'collected', way: 'paper', madeAt: at('2026-11-02T09:00') },
  ...{ placedAt: at('2026-11-02T09:00'), endedAt: at('2026-11-02T11:00') },
  ...more,
})
const past = (more: Partial<Past>): Past => ({
  timeZone: 'Europe/Paris',
  boxes: [{ size: 'S', enrolledAt: old }],
  ...{ parcels: [], facts: [] },
  ...more,
})

/** Monday 2 to Sunday 8 November 2026, unless it is said otherwise */
async function statistics(told: Partial<Past>, days = { from: '2026-11-02', until: '2026-11-08' }) {
  return statisticsOf(ctx, { siteIds: [await tellPast(ctx, past(told))], ...days })
}
/** hours with something in the box: size, weekday, hour, share */
const filled = ({ fill }: Statistics) =>
  fill
    .filter(each => each.filledHours > 0)
    .map(
      ({ size, weekday, hour, boxHours, filledHours }) => `${size} ${weekday} ${hour}: ${filledHours} of ${boxHours}`,
    )

describe('fill', () => {
  test.each<[what: string, told: Partial<Past>, expected: string[]]>([
    ['by the clock of the site', { parcels: [parcel({})] }, ['S 1 10: 1 of 1', 'S 1 11: 1 of 1']],
    [
      'parts of an hour',
      { parcels: [parcel({ placedAt: at('2026-11-02T09:40'), endedAt: at('2026-11-02T10:03') })] },
      ['S 1 10: 0.333 of 1', 'S 1 11: 0.05 of 1'],
    ],
    [
      'of all boxes of the size',
      {
        boxes: [
          { size: 'S', enrolledAt: old },
          { size: 'S', enrolledAt: old },
          { size: 'L', enrolledAt: old },
        ],
        parcels: [
          parcel({ endedAt: at('2026-11-02T10:00') }),
          parcel({ box: 2, size: 'S', endedAt: at('2026-11-02T10:00') }),
        ],
      },
      ['S 1 10: 1 of 2', 'L 1 10: 1 of 1'],
    ],
    [
      'once with two parcels in the box',
      {
        parcels: [
          parcel({}),
          parcel({ joined: true, placedAt: at('2026-11-02T10:00'), endedAt: at('2026-11-02T12:00') }),
        ],
      },
      ['S 1 10: 1 of 1', 'S 1 11: 1 of 1', 'S 1 12: 1 of 1'],
    ],
    [
      'since the courier opened it, when nobody said what became of it',
      {
        parcels: [
          parcel({ state: 'contested', openedAt: at('2026-11-08T21:30'), placedAt: undefined!, endedAt: undefined! }),
        ],
      },
      ['S 7 22: 0.5 of 1', 'S 7 23: 1 of 1'],
    ],
    ['not by a deposit called off', { parcels: [parcel({ state: 'cancelled' }), parcel({ state: 'placing' })] }, []],
    ['not by what lies on the shelf', { parcels: [parcel({ box: null })] }, []],
    [
      'from the first day on, for what lay there before',
      { parcels: [parcel({ placedAt: at('2026-10-30T09:00'), endedAt: at('2026-11-01T23:30') })] },
      ['S 1 0: 0.5 of 1'],
    ],
    [
      'of boxes while they are in service',
      {
        boxes: [
          { size: 'S', enrolledAt: at('2026-11-02T09:30') },
          { size: 'S', enrolledAt: old, retiredAt: at('2026-11-02T10:15') },
          { size: 'S', enrolledAt: old, outSince: at('2026-11-02T10:30') },
        ],
        parcels: [parcel({ placedAt: at('2026-11-02T09:00') })],
      },
      ['S 1 10: 0.5 of 2.5', 'S 1 11: 1 of 1.75'],
    ],
  ])('%s', async (_what, told, expected) => {
    expect(filled(await statistics(told))).toEqual(expected)
  })

  test('every hour of a week is told of each size there is, and nothing of what is still to come', async () => {
    const { fill } = await statistics({})
    expect(fill).toHaveLength(7 * 24)
    expect(new Set(fill.map(each => each.boxHours))).toEqual(new Set([1]))
    const begun = await statistics({}, { from: '2026-11-20', until: '2026-11-22' })
    expect(begun.fill.map(each => each.hour)).toEqual(Array.from({ length: 13 }, (_, hour) => hour))
  })

  test('the hour that comes twice in autumn counts twice, the one that spring leaves out not at all', async () => {
    const night = (day: string, next: string) => ({ placedAt: at(`${day}T00:00`), endedAt: at(`${next}T00:00`) })
    const autumn = await statistics(
      { parcels: [parcel(night('2026-10-25', '2026-10-26'))] },
      { from: '2026-10-25', until: '2026-10-25' },
    )
    expect(autumn.fill.reduce((sum, each) => sum + each.boxHours, 0)).toBe(25)
    expect(filled(autumn)).toContain('S 7 2: 2 of 2')
    const spring = await statistics(
      { parcels: [parcel(night('2026-03-29', '2026-03-30'))] },
      { from: '2026-03-29', until: '2026-03-29' },
    )
    expect(spring.fill.map(each => each.hour)).not.toContain(2)
  })
})

test('time to collect: the middle, nine of ten, and how many in which span; by the day they were fetched', async () => {
  const minutes = [0, 30, 120, 600, 1439, 1440, 8500]
  const parcels = minutes.map(each => parcel({ endedAt: new Date(at('2026-11-02T09:00').getTime() + each * 60_000) }))
  const tooLate = parcel({ endedAt: at('2026-11-08T23:00') })
  const lastMoment = parcel({ endedAt: new Date('2026-11-08T22:59:59.999Z') })
  const others = (['waiting', 'returned', 'cancelled', 'expired', 'contested'] as const).map(state => parcel({ state }))
  const { collect } = await statistics({ parcels: [...parcels, tooLate, ...others] })
  expect(collect.parcels).toBe(7)
  expect(collect.medianMs).toBe(600 * 60_000)
  expect(collect.p90Ms).toBeCloseTo((1440 + 0.4 * (8500 - 1440)) * 60_000, 0)
  expect(collect.spans.map(each => each.parcels)).toEqual([2, 1, 1, 1, 1, 0, 0, 1])
  expect(collect.spans.at(-1)).toEqual({ fromHours: 120, untilHours: null, parcels: 1 })
  expect((await statistics({ parcels: [lastMoment] })).collect.parcels).toBe(1)
  expect((await statistics({})).collect).toMatchObject({ parcels: 0, medianMs: null, p90Ms: null })
  // the device's clock was slow
  const before = parcel({ placedAt: at('2026-11-02T09:00'), endedAt: at('2026-11-02T08:59') })
  expect((await statistics({ parcels: [before] })).collect.medianMs).toBe(0)
})

test('deposits that found no box, and those that did, by the size asked for', async () => {
  const fact = (size: 'S' | 'XL', when: string) => ({ type: 'none-free' as const, size, at: at(when) })
  const { refused } = await statistics({
    parcels: [
      ...[parcel({}), parcel({ state: 'cancelled', size: 'M' }), parcel({ state: 'placing', size: 'M' })],
      ...[parcel({ box: null }), parcel({ madeAt: at('2026-11-01T22:59') })],
    ],
    facts: [
      ...[fact('XL', '2026-11-01T23:00'), fact('XL', '2026-11-08T22:59'), fact('S', '2026-11-03T09:00')],
      ...[fact('S', '2026-11-08T23:00'), fact('S', '2026-11-01T22:59')],
    ],
  })
  expect(refused.map(each => `${each.size} ${each.given} ${each.refused}`)).toEqual([
    'S 1 1',
    'M 2 0',
    'L 0 0',
    'XL 0 2',
  ])
})

test('how parcels came to their residents: the plainest way by which the code was told counts', async () => {
  const [way, state] = ['email', 'waiting'] as const
  const { ways } = await statistics({
    parcels: [
      parcel({ way: 'assisted', alsoTold: ['email'] }),
      parcel({ way: 'badge', alsoTold: ['sms'] }),
      parcel({ way: 'counter', box: null }),
      parcel({ way: 'paper' }),
      // laid beside it: opened by the same code, and told by itself
      parcel({ way: 'sms', joined: true }),
      parcel({ way: 'email', alsoTold: ['sms', 'voice'] }),
      parcel({ way: 'email', alsoTold: ['sms'] }),
      parcel({ way }),
      parcel({ way: 'unknown', alsoTold: ['sms'] }),
      parcel({ way, state }),
    ],
  })
  expect(ways).toEqual([
    { way: 'assisted', parcels: 1 },
    { way: 'counter', parcels: 1 },
    { way: 'badge', parcels: 1 },
    { way: 'paper', parcels: 1 },
    { way: 'voice', parcels: 1 },
    { way: 'sms', parcels: 2 },
    { way: 'email', parcels: 1 },
    { way: 'unknown', parcels: 1 },
  ])
})

test('how a code was told is forgotten after three months, and then not guessed', async () => {
  const long = { madeAt: at('2026-08-20T09:00'), placedAt: at('2026-08-20T09:00'), endedAt: at('2026-08-20T10:00') }
  const days = { from: '2026-08-20', until: '2026-08-20' }
  const told = async (way: Way) =>
    (await statistics({ parcels: [parcel({ ...long, way })] }, days)).ways.find(each => each.parcels > 0)?.way
  expect(await told('paper')).toBe('unknown')
  // a message that is still there is not asked for: the others of that time are gone
  expect(await told('sms')).toBe('unknown')
  expect(await told('badge')).toBe('badge')
})

test('faults door by door, the worst first; what is suspect is none', async () => {
  const fact = (box: number, type: 'jammed' | 'forced' | 'held-open', more = {}) => ({
    ...{ type, box, at: at('2026-11-04T09:00') },
    ...more,
  })
  const { faults, doors } = await statistics({
    boxes: [
      ...[
        { size: 'S' as const, enrolledAt: old },
        { size: 'M' as const, enrolledAt: old },
      ],
      ...[
        { size: 'L' as const, enrolledAt: old },
        { size: 'L' as const, enrolledAt: old, retiredAt: at('2026-11-10T00:00') },
      ],
    ],
    facts: [
      ...[fact(0, 'held-open'), fact(1, 'jammed'), fact(1, 'jammed'), fact(1, 'forced')],
      ...[fact(0, 'jammed', { suspect: true }), fact(0, 'jammed', { at: at('2026-11-09T09:00') })],
      ...[fact(3, 'forced'), fact(3, 'forced')],
    ],
  })
  expect(faults.map(each => [each.controllerId.slice(-1), each.jammed, each.forced, each.heldOpen])).toEqual([
    ['1', 2, 1, 0],
    ['3', 0, 2, 0],
    ['0', 0, 0, 1],
  ])
  // the one that is gone since was there
  expect(doors).toEqual({ all: 4, faulty: 3 })
})

test.each<[what: string, days: { from?: string; until?: string }, expected: object]>([
  ['the last four weeks', {}, { from: '2026-10-24', until: '2026-11-20' }],
  ['four weeks to a day', { until: '2026-02-01' }, { from: '2026-01-05', until: '2026-02-01' }],
  ['one day', { from: '2026-11-01', until: '2026-11-01' }, { from: '2026-11-01', until: '2026-11-01' }],
  ['a year and its leap day', { from: '2024-01-01', until: '2024-12-31' }, { until: '2024-12-31' }],
  ['a day more', { from: '2023-12-31', until: '2024-12-31' }, { reason: 'span-too-long', field: 'from' }],
  ['no such day', { from: '2026-02-31' }, { reason: 'invalid', field: 'from' }],
  ['no such last day', { until: '2026-02-31' }, { reason: 'invalid', field: 'until' }],
  ['backwards', { from: '2026-11-02', until: '2026-11-01' }, { reason: 'ends-before-start', field: 'until' }],
  ['nothing yet', { from: '2026-11-21' }, { reason: 'ends-before-start', field: 'from' }],
])('the span: %s', async (_what, days, expected) => {
  const siteId = await tellPast(ctx, past({}))
  const answer = await statisticsOf(ctx, { siteIds: [siteId], ...days }).catch(error => error)
  expect(answer).toMatchObject(expected)
})

test('the day has begun where it has: just after midnight in Amiens it is the new one', async () => {
  const night = { ...ctx, now: () => at('2026-07-31T22:30') }
  const siteId = await tellPast(night, past({}))
  expect((await statisticsOf(night, { siteIds: [siteId] })).until).toBe('2026-08-01')
})

test('whatever happened at which sites, the numbers are those of counting minute by minute', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(pasts(), { minLength: 1, maxLength: 2 }), spans(), async (told, days) => {
      const siteIds: string[] = []
      for (const each of told) siteIds.push(await tellPast(ctx, each))
      const now = at('2026-10-27T13:07')
      const found = await statisticsOf({ ...ctx, now: () => now }, { siteIds, ...days })
      const numbers = { ...found, faults: found.faults.map(each => [each.jammed, each.forced, each.heldOpen]) }
      expect(numbers).toEqual(counted(told, { ...days, now }))
      expect(found.doors.faulty).toBeLessThanOrEqual(found.doors.all)
    }),
    { numRuns: Number(process.env.STATISTICS_RUNS ?? 20) },
  )
}, 120_000)

const spans = () =>
  fc
    .tuple(fc.integer({ min: 23, max: 28 }), fc.integer({ min: 0, max: 3 }))
    .map(([day, more]) => ({ from: `2026-10-${day}`, until: `2026-10-${day + more}` }))

/** Some days around the one on which Paris and Lord Howe change their clocks: minutes, for those can be counted. */
function pasts(): fc.Arbitrary<Past> {
  const minute = fc.integer({ min: 0, max: 8 * 1440 }).map(n => new Date(at('2026-10-21T00:00').getTime() + n * 60_000))
  const size = fc.constantFrom('S' as const, 'M' as const, 'XL' as const)
  const maybe = <T>(each: fc.Arbitrary<T>) => fc.option(each, { nil: undefined })
  const way = fc.constantFrom<Way>('assisted', 'badge', 'paper', 'voice', 'sms', 'email', 'unknown')
  const state = fc.constantFrom<PastParcel['state']>(
    ...(['collected', 'collected', 'collected', 'placing', 'waiting'] as const),
    ...(['cancelled', 'expired', 'returned', 'contested'] as const),
  )
  const box = fc.record({ size, enrolledAt: minute, retiredAt: maybe(minute), outSince: maybe(minute) })
  const told = fc.subarray(['voice', 'sms', 'email'] as const)
  const times = fc.record({ madeAt: minute, openedAt: maybe(minute), placedAt: maybe(minute), endedAt: maybe(minute) })
  const one = fc.record({ box: maybe(fc.nat(2)), size, state, times, way, told, joined: fc.boolean() })
  const fact = fc.record({ type: fc.constantFrom('none-free', 'jammed', 'forced', 'held-open'), size, at: minute })
  const facts = fc.array(fc.tuple(fact, fc.nat(2), fc.boolean()), { maxLength: 8 })
  const timeZone = fc.constantFrom('Europe/Paris', 'UTC', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Marquesas')
  return fc
    .record({
      timeZone,
      boxes: fc.array(box, { minLength: 1, maxLength: 3 }),
      parcels: fc.array(one, { maxLength: 9 }),
      facts,
    })
    .map(({ timeZone, boxes, parcels, facts }) => ({
      timeZone,
      boxes: boxes.map(each => tidy(each)),
      parcels: parcels.map(({ box, times, told, joined, way, ...same }, at) => ({
        ...{ ...same, ...tidy(times), box: box === undefined ? null : box % boxes.length },
        way: box === undefined ? ('counter' as const) : way,
        alsoTold: told,
        joined: joined && at > 0 && box !== undefined,
      })),
      facts: facts.map(([{ type, size, at }, box, suspect]) =>
        type === 'none-free' ? { type, size, at } : { type: type as 'jammed', at, box: box % boxes.length, suspect },
      ),
    }))
}

/** without what is undefined */
const tidy = <T extends object>(each: T) =>
  Object.fromEntries(Object.entries(each).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
