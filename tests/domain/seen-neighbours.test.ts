import { beforeEach, expect, test } from 'vitest'
import { makeSeenNeighbours } from '../../server/domain/seen-neighbours.ts'

const start = Date.parse('2026-11-26T12:00:00Z')
let see: ReturnType<typeof makeSeenNeighbours>
beforeEach(() => {
  see = makeSeenNeighbours()
})

/** Five more of the house, from `first` on; answers when to try again, if it is refused. */
function look(first: number, { session = 's1', carrier = 'c1', parcels = 0, minute = 0 } = {}) {
  const residentIds = [0, 1, 2, 3, 4].map(n => `r${first + n}`)
  const now = new Date(start + minute * 60_000)
  try {
    see({ sessionId: session, carrierId: carrier, residentIds, parcels, now })
  } catch (error) {
    const { reason, details } = error as { reason: string; details: { until: string } }
    return `${reason} ${details.until.slice(11, 16)}`
  }
}
const fives = (n: number, from = 0) => Array.from({ length: n }, (_, at) => from + 5 * at)

test('a session is shown 25 residents an hour; whoever was shown before costs nothing; then it goes on', () => {
  for (const first of fives(5)) expect(look(first, { minute: first })).toBeUndefined()
  expect(look(25, { minute: 30 })).toBe('seen-enough 13:00')
  // one of five is new, and the sixth was shown first at 12:05
  expect(look(21, { minute: 30 })).toBe('seen-enough 13:00')
  expect(look(20, { minute: 30 })).toBeUndefined()
  expect(look(25, { minute: 59 })).toBe('seen-enough 13:00')
  expect(look(25, { minute: 60 })).toBeUndefined()
  expect(look(30, { minute: 60 })).toBe('seen-enough 13:05')
  expect(look(30, { minute: 65 })).toBeUndefined()
})

test('who brings parcels is shown more: five for each', () => {
  for (const first of fives(5)) look(first)
  expect(look(25)).toBe('seen-enough 13:00')
  expect(look(25, { parcels: 1 })).toBeUndefined()
  expect(look(30, { parcels: 1 })).toBe('seen-enough 13:00')
})

test('signing in again does not show the whole house; another carrier is not held back by it', () => {
  for (const [at, first] of fives(15).entries()) expect(look(first, { session: `s${at}` })).toBeUndefined()
  expect(look(75, { session: 'fresh' })).toBe('seen-enough 13:00')
  expect(look(75, { session: 'other', carrier: 'c2' })).toBeUndefined()
  // what was refused was not shown, so it does not count
  expect(look(0, { session: 'fresh' })).toBeUndefined()
  for (const first of fives(4, 5)) expect(look(first, { session: 'fresh' })).toBeUndefined()
  // what was brought explains more of the carrier's look-ups too
  expect(look(75, { session: 'brings', parcels: 1 })).toBeUndefined()
  expect(look(80, { session: 'brings', parcels: 1 })).toBe('seen-enough 13:00')
})
