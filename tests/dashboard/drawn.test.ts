import { expect, test } from 'vitest'
import { drawRows } from '../../dashboard/src/parcel/drawn.ts'
import type { TimelineEntry } from '../../schema/api/timeline.ts'

const began = Date.parse('2026-03-01T08:00:00Z')
type Short = [minute: number, type: string, facts?: Record<string, unknown>]

const entries = (...told: Short[]): TimelineEntry[] =>
  told.map(([minute, type, facts = {}], n) => {
    const at = new Date(began + minute * 60_000).toISOString()
    return { n, type, at, receivedAt: at, live: true, facts, suspect: null }
  })
const drawn = (...told: Short[]) => drawRows(entries(...told))

test('the three facts of an opening lie on three lines, and each line shows what it knows until the next word', () => {
  const rows = drawn(
    [0, 'parcel-placing'],
    [0, 'order-made'],
    [0, 'accepted'],
    [0, 'unlocked'],
    [1, 'opened'],
    [1, 'closed'],
    [1, 'occupied'],
    [2, 'parcel-waiting'],
  )
  expect(rows.map(each => each.lane)).toEqual(['parcel', 'order', 'order', 'bolt', 'door', 'door', 'inside', 'parcel'])
  expect(rows.map(each => each.is.door)).toEqual(['', '', '', '', 'open', '', '', ''])
  expect(rows.map(each => each.is.inside)).toEqual(['', '', '', '', '', '', 'occupied', 'occupied'])
  expect(rows.map(each => each.is.parcel)).toEqual([...Array(7).fill('placing'), 'waiting'])
  for (const [at, row] of rows.entries()) expect(row.was).toEqual(rows[at - 1]?.is ?? { ...row.was, parcel: '' })
})

test.each<[what: string, told: Short[], expected: object]>([
  ['a bolt that did not move', [[0, 'jammed']], { lane: 'bolt', mark: '✕' }],
  ['an order nobody answered', [[0, 'order-expired']], { lane: 'order', mark: '✕' }],
  ['a correction', [[0, 'parcel-collected', { corrected: true }]], { lane: 'parcel', mark: '✎' }],
  ['a look into the box', [[0, 'door-looked', { found: 'parcel' }]], { lane: 'inside', is: { inside: 'occupied' } }],
  ['a door forced', [[0, 'forced']], { lane: 'door', mark: '✕', is: { door: 'open' } }],
  ['what is called as something of every object', [[0, 'constructor']], { lane: 'parcel', mark: '•' }],
  ['what is not known here', [[0, 'of-a-newer-device']], { lane: 'parcel', mark: '•' }],
  [
    'the end of a parcel',
    [
      [0, 'parcel-waiting'],
      [5, 'parcel-collected'],
    ],
    { was: { parcel: 'waiting' }, is: { parcel: '' } },
  ],
  [
    'half an hour',
    [
      [0, 'opened'],
      [30, 'closed'],
    ],
    { gapMs: 0 },
  ],
  [
    'two days',
    [
      [0, 'closed'],
      [2 * 24 * 60, 'unlocked'],
    ],
    { gapMs: 48 * 3600_000 },
  ],
  // told later, but of before: no time went back
  [
    'what was told late',
    [
      [0, 'closed'],
      [600, 'parcel-expired'],
      [60, 'unlocked'],
    ],
    { gapMs: 0 },
  ],
  [
    'what happened soon after the last of all, told after what was told late',
    [
      [600, 'parcel-expired'],
      [60, 'unlocked'],
      [605, 'closed'],
    ],
    { gapMs: 0 },
  ],
])('%s', (_what, told, expected) => {
  expect(drawn(...told).at(-1)).toMatchObject(expected)
})
