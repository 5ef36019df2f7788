import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { follow } from '../../dashboard/src/live.ts'
import { emptyWall, reduceWall } from '../../dashboard/src/state.ts'
import { closeCodes, type LiveMessage } from '../../schema/api/live.ts'
import { eventually } from '../support/eventually.ts'

const at = '2026-11-26T10:00:00.000Z'
const epoch = '0123456789ab'
const snapshot = (n: number): LiveMessage => ({ type: 'snapshot', epoch, n, at, controllers: [], doors: [] })
const change = (n: number): LiveMessage => ({ type: 'change', n, at })

let server: WebSocketServer
let sockets: WebSocket[]
/** what each connection asked for */
let asked: string[]
let wall: typeof emptyWall
let isSignedOut: boolean
let stop: () => void

beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  sockets = []
  asked = []
  server.on('connection', (socket, { url }) => {
    sockets.push(socket)
    asked.push(url!)
  })
  await new Promise(done => server.once('listening', done))
  vi.stubGlobal('WebSocket', WebSocket)
  vi.stubGlobal('location', { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw))
  vi.stubGlobal('cancelAnimationFrame', clearTimeout)
  wall = emptyWall
  isSignedOut = false
  stop = follow(
    'site',
    action => {
      wall = reduceWall(wall, action)
    },
    () => {
      isSignedOut = true
    },
  )
  await eventually(() => sockets.length === 1)
})
afterEach(() => {
  stop()
  for (const each of server.clients) each.terminate()
  server.close()
  vi.unstubAllGlobals()
})

const say = (...messages: LiveMessage[]) => {
  for (const each of messages) sockets.at(-1)!.send(JSON.stringify(each))
}
const shows = (n: number) => eventually(() => wall.link === 'live' && wall.n === n)
const comesBack = () => eventually(() => asked[1])

test('a change whose number does not follow is not shown: the wall is stale until all of it came anew', async () => {
  say(snapshot(5), change(6))
  await shows(6)
  say(change(8), change(9))
  await eventually(() => wall.link === 'stale')
  expect(await comesBack()).toBe('/live?siteId=site')
  expect(wall.n).toBe(6)
  say(snapshot(9))
  await shows(9)
})

test('after a cut it asks for what follows the last number it was told', async () => {
  say(snapshot(5), change(6))
  await shows(6)
  sockets[0]!.terminate()
  expect(await comesBack()).toBe(`/live?siteId=site&resume=${epoch}.6`)
  say({ type: 'resumed', epoch, n: 6 }, change(7))
  await shows(7)
})

test('who was signed out is told so, and does not come back', async () => {
  say(snapshot(5))
  await shows(5)
  sockets[0]!.close(closeCodes.signedOut)
  await eventually(() => isSignedOut)
  expect(asked).toHaveLength(1)
})
