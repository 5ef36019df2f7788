import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import type { Change, LiveMessage, Snapshot } from '../../schema/api/live.ts'
import { eventually } from '../support/eventually.ts'
import { makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
})
afterAll(() => server.close())

type Options = { token?: string; siteId?: string; resume?: string; origin?: string }

function watch({ token = site.caretaker.token, siteId = site.siteId, resume, origin }: Options = {}) {
  const url = `${server.url.replace('http', 'ws')}/live?siteId=${siteId}${resume ? `&resume=${resume}` : ''}`
  const headers = { authorization: `Bearer ${token}`, ...(origin ? { origin } : {}) }
  const socket = new WebSocket(url, { headers })
  const messages: LiveMessage[] = []
  const refused = new Promise<number>(resolve =>
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode!)),
  )
  const closed = new Promise<number>(resolve => socket.on('close', resolve))
  socket.on('error', () => {})
  socket.on('message', data => messages.push(JSON.parse(String(data))))
  const of = <T extends LiveMessage['type']>(type: T) =>
    messages.filter(m => m.type === type) as Extract<LiveMessage, { type: T }>[]
  const first = <T extends LiveMessage['type']>(type: T) => eventually(() => of(type)[0])
  return { socket, messages, refused, closed, of, first }
}

const open = (door: number) => site.caretaker.ask('POST', `/api/doors/${site.doorId(door)}/open`, { reason: 'x' })

test('a snapshot, then numbered changes after the commit', async () => {
  const watcher = watch()
  const snapshot: Snapshot = await watcher.first('snapshot')
  expect(snapshot.doors).toHaveLength(5)
  expect(snapshot.controllers).toMatchObject([{ id: site.controllerId, online: true }])
  await open(1)
  const change: Change = await watcher.first('change')
  expect(change.n).toBe(snapshot.n + 1)
  expect(change.orders).toMatchObject([{ doorId: site.doorId(1), state: 'made' }])
  await open(2)
  await eventually(() => watcher.of('change').length >= 2)
  expect(watcher.of('change').map(({ n }) => n)).toEqual([snapshot.n + 1, snapshot.n + 2])
  watcher.socket.close()
})

test('whoever comes back hears what was missed, or gets a new snapshot when that is not known', async () => {
  const watcher = watch()
  const { epoch, n } = await watcher.first('snapshot')
  watcher.socket.close()
  await watcher.closed
  await open(3)
  const back = watch({ resume: `${epoch}.${n}` })
  await back.first('resumed')
  expect((await back.first('change')).n).toBe(n + 1)
  expect(back.of('snapshot')).toEqual([])
  const stranger = watch({ resume: `000000000000.${n}` })
  await stranger.first('snapshot')
  back.socket.close()
  stranger.socket.close()
})

test('who may not watch is not accepted at all', async () => {
  expect(await watch({ token: 'x'.repeat(43) }).refused).toBe(401)
  expect(await watch({ origin: 'https://evil.example' }).refused).toBe(403)
  const other = await makeSite(server, 'bank-3')
  expect(await watch({ siteId: other.siteId }).refused).toBe(404)
  expect(await watch({ siteId: 'nonsense' }).refused).toBe(400)
  const own = watch({ origin: server.url })
  await own.first('snapshot')
  own.socket.close()
})

test('a courier hears of own orders and parcels only, a resident not of the wall', async () => {
  const courier = watch({ token: site.courier.token })
  expect((await courier.first('snapshot')).doors).toEqual([])
  await open(1)
  await courier.first('change')
  expect(courier.of('change').every(change => !change.doors && !change.orders)).toBe(true)
  const body = { controllerId: site.controllerId, residentId: site.resident.id, size: 'L' }
  const made = await site.courier.ask<{ id: string; orderId: string }>('POST', '/api/parcels', body)
  const told = await eventually(() => courier.of('change').find(change => change.parcels))
  expect(told.parcels).toMatchObject([{ id: made.body.id, state: 'placing' }])
  const orders = await eventually(() => courier.of('change').find(change => change.orders)?.orders)
  expect(orders).toMatchObject([{ id: made.body.orderId }])
  courier.socket.close()
})

test('one session watches with at most a hundred sockets', async () => {
  const { token } = await server.signedIn({ email: `${site.controllerId}@example.org`, password: 'another long one' })
  const watchers = Array.from({ length: 100 }, () => watch({ token }))
  await Promise.all(watchers.map(each => each.first('snapshot')))
  expect(await watch({ token }).refused).toBe(429)
  watchers[0]!.socket.close()
  await watchers[0]!.closed
  const next = watch({ token })
  await next.first('snapshot')
  for (const { socket } of [...watchers, next]) socket.terminate()
})

test('rows that cannot be read are read again by themselves, and the change has its number then', async () => {
  const watcher = watch()
  const { n } = await watcher.first('snapshot')
  const warn = vi.spyOn(server.ctx.log, 'warn')
  await server.sql`alter table parcels rename to parcels_away`
  server.ctx.announce({ siteId: site.siteId, doors: [site.doorId(1)] })
  await eventually(() => warn.mock.calls.some(([, said]) => said === 'live: rows could not be read'))
  await server.sql`alter table parcels_away rename to parcels`
  expect(await watcher.first('change')).toMatchObject({ n: n + 1, doors: [{ id: site.doorId(1) }] })
  warn.mockRestore()
  watcher.socket.close()
})
