import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { textFrame } from '../../server/live/frame.ts'
import { makeRing } from '../../server/live/ring.ts'
import { makeWatcher } from '../../server/live/watcher.ts'

test('a watcher that does not read is closed once its bound is reached', () => {
  const sent: Buffer[] = []
  const closed: number[] = []
  const socket = {
    readyState: 1,
    OPEN: 1,
    bufferedAmount: 0,
    close(code: number) {
      closed.push(code)
      this.readyState = 2
    },
    terminate() {},
  }
  const stream = {
    write(frame: Buffer) {
      sent.push(frame)
      socket.bufferedAmount += frame.length
    },
  }
  const session = { id: 's', role: 'caretaker', actorId: 'a', siteIds: null, expiresAt: new Date() } as const
  const watcher = makeWatcher(
    socket as unknown as WebSocket,
    stream as unknown as Duplex,
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

test.each([0, 1, 125, 126, 65_535, 65_536, 300_000])(
  'a frame of %i bytes is read by a WebSocket as the text it was',
  async length => {
    const text = length < 2 ? 'x'.repeat(length) : `é${'x'.repeat(length - 2)}`
    const http = createServer().listen(0, '127.0.0.1')
    const sockets = new WebSocketServer({ noServer: true })
    http.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, () => socket.write(textFrame(text))),
    )
    await once(http, 'listening')
    const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`)
    onTestFinished(() => {
      client.terminate()
      http.close()
    })
    const [data, isBinary] = await once(client, 'message')
    expect([String(data), isBinary]).toEqual([text, false])
  },
)
