import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { gatherMs, gatherNews } from '../../dashboard/src/alerts/gather-news.ts'
import type { AttentionItem } from '../../schema/api/attention.ts'

const alert = (id: string, taken: Partial<AttentionItem['taken']> = null) =>
  ({ kind: 'jammed', id, taken }) as AttentionItem

let told: string[][]
let news: ReturnType<typeof gatherNews>
beforeEach(() => {
  vi.useFakeTimers()
  told = []
  news = gatherNews(found => told.push(found.map(({ id }) => id)))
})
afterEach(() => vi.useRealTimers())

test('a burst of alerts is told once, a moment after its first; the next burst is told too', () => {
  news.hear([alert('a')])
  news.hear([alert('a'), alert('b')])
  vi.advanceTimersByTime(gatherMs - 1)
  news.hear([alert('a'), alert('b'), alert('c')])
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(told).toEqual([['b', 'c']])
  vi.advanceTimersByTime(10 * gatherMs)
  news.hear([alert('a'), alert('d')])
  vi.advanceTimersByTime(gatherMs)
  expect(told).toEqual([['b', 'c'], ['d']])
  // gone, and there again
  news.hear([alert('b')])
  vi.advanceTimersByTime(gatherMs)
  expect(told.at(-1)).toEqual(['b'])
})

test('what is there at first, what went and what oneself has taken is no news; a page that was left tells nothing', () => {
  news.hear([alert('a'), alert('b')])
  news.hear([alert('b'), alert('c', { mine: true })])
  vi.advanceTimersByTime(gatherMs)
  expect(told).toEqual([])
  news.hear([alert('d')])
  news.stop()
  vi.advanceTimersByTime(gatherMs)
  expect(told).toEqual([])
})
