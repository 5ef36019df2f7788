import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { makeRing } from '../../server/live/ring.ts'
import { makeWatcher } from '../../server/live/watcher.ts'

test('a watcher that does not read is closed once its bound is reached', () => {
  const sent: string[] = []
  const closed: number[] = []
  const socket = {
    readyState: 1,
    OPEN: 1,
    bufferedAmount: 0,
    send(text: string) {
      sent.push(text)
      this.bufferedAmount += text.length
    },
    close(code: number) {
      closed.push(code)
      this.readyState = 2
    },
    terminate() {},
  }
  const session = { id: 's', role: 'caretaker', actorId: 'a', siteIds: null, expiresAt: new Date() } as const
  const watcher = makeWatcher(
    socket as unknown as WebSocket,
    { siteId: 's', session, resume: undefined },
    { mostBytes: 100 },
  )
  watcher.send(Buffer.from('x'.repeat(90)))
  watcher.send(Buffer.from('y'.repeat(10)))
  expect(closed).toEqual([])
  watcher.send(Buffer.from('z'))
  watcher.send(Buffer.from('never'))
  expect(closed).toEqual([4008])
  expect(sent).toHaveLength(2)
})

test('the ring gives what came after a number, and knows when it does not', () => {
  const ring = makeRing<{ n: number }>({ most: 3, mostBytes: 100 })
  expect(ring.after(0)).toEqual([])
  for (const n of [1, 2, 3, 4, 5]) ring.add({ n }, 10)
  expect(ring.after(5)).toEqual([])
  expect(ring.after(2)).toEqual([{ n: 3 }, { n: 4 }, { n: 5 }])
  expect(ring.after(1)).toBeUndefined()
  expect(ring.after(9)).toBeUndefined()
  ring.add({ n: 6 }, 500)
  expect(ring.after(5)).toBeUndefined()
  expect(ring.after(6)).toEqual([])
})
