import { randomBytes } from 'node:crypto'
import type { IPublishPacket } from 'mqtt-packet'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkOf } from '../../schema/wire/codes.ts'
import { type Server, startServer } from '../../server/server.ts'
import { eventually } from '../support/eventually.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { connectRaw, type RawClient } from '../support/raw-mqtt.ts'

let database: FreshDatabase
let server: Server
let token = ''
beforeEach(async () => {
  database = await freshDatabase()
  server = await startServer({
    ...{ host: '127.0.0.1', httpPort: 0, mqttPort: 0, dataDir: '', databaseUrl: database.url, logLevel: 'error' },
    ...{ masterKey: randomBytes(32), publicUrl: null, trustProxy: false },
    ...{ adminEmail: 'land@example.org', adminPassword: 'a long pass phrase' },
  })
  const account = { email: 'land@example.org', password: 'a long pass phrase' }
  token = (await call('POST', '/api/sessions', account)).token
})
afterEach(async () => {
  await server.close()
  await database.drop()
})

// biome-ignore lint/suspicious/noExplicitAny: answers are checked by what the test expects of them
async function call(method: string, path: string, body?: object): Promise<any> {
  const headers = {
    ...(body ? { 'content-type': 'application/json' } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  }
  const answer = await fetch(server.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  const value = await answer.json()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(value)}`)
  return value
}

async function enrolled() {
  const { id: siteId } = await call('POST', '/api/sites', { name: 'Amiens' })
  const box = { kind: 'compartment', size: 'M', doorSensor: true, occupancySensor: true }
  const doors = [
    { door: 1, ...box },
    { door: 2, kind: 'room', doorSensor: true, occupancySensor: false },
  ]
  const { password, codeKey } = await call('POST', '/api/controllers', { id: 'bank-1', siteId, name: 'Bank', doors })
  const resident = await call('POST', '/api/residents', { siteId, name: 'Ada', flat: 'A1' })
  return { siteId, password, codeKey, resident, doors }
}

/** A device with no code of ours. */
async function device(password: string, doors: object[]) {
  const port = Number(new URL(server.mqttUrl).port)
  const client = await connectRaw({ port, clientId: 'bank-1', username: 'bank-1', password })
  await client.subscribe('v1/bank-1/down/+')
  let seq = 0
  const online = {
    ...{ state: 'online', link: 'l1', boot: 'b1', up: 1000, journal: 'j1', first: 1, last: 0, firmware: '1' },
    ...{ protocol: 1, time: 0, clock: 'none', grants: 0, config: 0, doors, keypads: [{ keypad: 1, doors: [1, 2] }] },
  }
  await client.publish('v1/bank-1/up/status', online)
  await heard(client, 'welcome')
  const events = async (...list: object[]) => {
    const numbered = list.map(each => ({ seq: ++seq, at: Date.now(), clock: 'synced', ...each }))
    await client.publish('v1/bank-1/up/events', { journal: 'j1', live: true, events: numbered })
    expect(await heard(client, 'ack')).toMatchObject({ journal: 'j1', seq })
  }
  return { client, events }
}

async function heard(client: RawClient, kind: string) {
  const packet = await client.next<IPublishPacket>(p => p.cmd === 'publish' && p.topic === `v1/bank-1/down/${kind}`)
  return JSON.parse(packet.payload.toString())
}

test('deposit, pickup by the list, caretaker, room by a granted code: over HTTP and the wire', async () => {
  const { siteId, password, codeKey, resident, doors } = await enrolled()
  const { client, events } = await device(password, doors)
  expect(await heard(client, 'config')).toMatchObject({ version: 1, language: 'fr' })

  const placing = await call('POST', '/api/parcels', { controllerId: 'bank-1', residentId: resident.id, size: 'S' })
  const order = await heard(client, 'order')
  expect(order).toMatchObject({ order: placing.orderId, door: 1, boot: 'b1', type: 'open' })
  const cause = { grant: order.grant, order: order.order }
  await events({ type: 'accepted', door: 1, cause }, { type: 'unlocked', door: 1, cause })
  await events({ type: 'opened', door: 1 }, { type: 'closed', door: 1 }, { type: 'occupied', door: 1 })
  expect((await call('POST', `/api/parcels/${placing.id}/placed`)).state).toBe('waiting')
  const list = await heard(client, 'grants')
  const { code } = await call('POST', `/api/parcels/${placing.id}/code`, { reason: 'asked at the counter' })
  expect(list.grants).toMatchObject([{ door: 1, check: checkOf(codeKey, code), uses: 1 }])
  await events({ type: 'grants-applied', version: list.version })
  await events({ type: 'unlocked', door: 1, cause: { grant: list.grants[0].grant } }, { type: 'opened', door: 1 })
  await events({ type: 'closed', door: 1 }, { type: 'vacant', door: 1 })
  expect((await call('GET', `/api/parcels/${placing.id}`)).state).toBe('collected')

  const wall = await call('GET', `/api/doors?siteId=${siteId}`)
  expect(wall.items[0]).toMatchObject({ door: 1, offer: 'free', state: 'closed' })
  const { orderId } = await call('POST', `/api/doors/${wall.items[0].id}/open`, { reason: 'look' })
  const opening = await heard(client, 'order')
  expect(opening.order).toBe(orderId)
  await events({ type: 'unlocked', door: 1, cause: { grant: opening.grant, order: orderId } })
  await eventually(async () => (await call('GET', `/api/orders/${orderId}`)).state === 'done')

  const span = {
    from: new Date(Date.now() - 60_000).toISOString(),
    until: new Date(Date.now() + 3600_000).toISOString(),
  }
  const asked = { doorId: wall.items[1].id, ...span, uses: 0, means: 'code', reason: 'workshop' }
  const entry = await call('POST', '/api/grants', asked)
  const typed = { ask: 'a1', boot: 'b1', up: 2000, keypad: 1, code: entry.code }
  await client.publish('v1/bank-1/up/code', typed)
  expect(await heard(client, 'order')).toMatchObject({ ask: 'a1', type: 'open', door: 2, grant: entry.id })
  await client.close()
})

test('the contract as AsyncAPI names the broker that really listens', async () => {
  const { servers } = await call('GET', '/asyncapi.json')
  expect(`mqtt://${servers.mqtt.host}`).toBe(server.mqttUrl)
})

test('a wrong password is refused; a controller without a connection is told at once', async () => {
  const { resident } = await enrolled()
  const port = Number(new URL(server.mqttUrl).port)
  const client = await connectRaw({ port, clientId: 'bank-1', username: 'bank-1', password: 'wrong' })
  expect(client.connack?.returnCode ?? 5).not.toBe(0)
  client.destroy()
  const asked = { controllerId: 'bank-1', residentId: resident.id, size: 'S' }
  await expect(call('POST', '/api/parcels', asked)).rejects.toThrow('409')
})
