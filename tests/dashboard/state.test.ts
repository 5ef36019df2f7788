import { expect, test } from 'vitest'
import { emptyWall, reduceWall } from '../../dashboard/src/state.ts'
import type { Change, OrderView } from '../../schema/api/live.ts'
import { changeFor } from '../../server/live/audience.ts'

const at = (minute: number) => `2026-11-26T10:${String(minute).padStart(2, '0')}:00.000Z`
const order = (id: string) => ({ id, state: 'sent' }) as OrderView
const change = (n: number, more: Partial<Change> = {}): Change => ({ type: 'change', n, at: at(n), ...more })
const after = (...changes: Change[]) =>
  changes.reduce((wall, message) => reduceWall(wall, { type: 'message', message }), emptyWall)

test('what is shown is as of the last change, and a cut link does not make it newer', () => {
  const wall = reduceWall(after(change(1), change(2)), { type: 'link', link: 'stale' })
  expect(wall).toMatchObject({ link: 'stale', n: 2, heardAt: at(2) })
})

test('an order told earlier is kept while others are told', () => {
  const wall = after(change(1, { orders: [order('a')] }), change(2, { orders: [order('b')] }), change(3))
  expect(Object.keys(wall.orders)).toEqual(['a', 'b'])
})

test('a courier and a resident hear of their own parcels and of nobody else’s', () => {
  const parcel = (id: string, carrierId: string, residentId: string) => ({
    ...{ id, carrierId, residentId, state: 'waiting', doorId: 'd' },
  })
  const parcels = [parcel('p1', 'c1', 'r1'), parcel('p2', 'c2', 'r2')]
  const full = { n: 1, at: at(1), controllers: [], doors: [], orders: [], parcels, attention: [] }
  const heard = (audience: Parameters<typeof changeFor>[0]) => JSON.parse(changeFor(audience, full)).parcels
  expect(heard({ courier: 'c1' })).toEqual([{ id: 'p1', state: 'waiting', doorId: 'd' }])
  expect(heard({ resident: 'r2' })).toEqual([{ id: 'p2', state: 'waiting', doorId: 'd' }])
})
