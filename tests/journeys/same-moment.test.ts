import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate, type IPublishPacket } from 'mqtt-packet'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startController } from '../../firmware-sim/controller.ts'
import { makeSite, signIn } from '../support/api.ts'
import { deposit, doorOnWall, handsOf, type Site } from '../support/deposit.ts'
import { eventually } from '../support/eventually.ts'
import { startMqttProxy } from '../support/mqtt-proxy.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'
import { connectDevice, isOn, newDevice, readJson, report, upOf } from '../support/raw-device.ts'

// people sign in for each test, and every sign-in costs a hash on purpose
vi.setConfig({ testTimeout: 60_000 })

let database: FreshDatabase
let server: ServerProcess
const dataDir = mkdtempSync(join(tmpdir(), 'doors-moment-'))
const soon = { withinMs: 20_000 }

beforeAll(async () => {
  database = await freshDatabase()
  server = await startProcess({ databaseUrl: database.url, dataDir })
})
afterAll(async () => {
  await server?.stop()
  await database?.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

const keypads = [1, 2].map(keypad => ({ keypad, doors: [1] }))
const unlocks = async (id: string) => {
  const rows = await database.sql`
    select g.id from history h join grants g on g.id = h.grant_id
    where h.controller_id = ${id} and h.type = 'unlocked' and g.means = 'code'`
  return rows.length
}
const ordersByCode = async (id: string) =>
  (await database.sql`select o.id from orders o where o.controller_id = ${id} and o.ask is not null`).length

async function spareCode(site: Site, id: string): Promise<string> {
  const { id: doorId } = await doorOnWall(site, id, 1)
  const span = { from: new Date(Date.now() - 1000), until: new Date(Date.now() + 3600_000) }
  const grant = { doorId, ...span, uses: 1, means: 'code', reason: 'spare key' }
  const made = await site.landlord('POST', '/api/grants', grant)
  expect(made.status).toBe(201)
  return String(made.body.code)
}

test.each([
  ['at two keypads', [1, 2]],
  ['twice at one keypad', [1, 1]],
])('one code %s, both questions in one write to the wire: one order, one refusal, one opening', async (_where, at) => {
  const id = `wire-bank-${at.join('')}`
  const site = await makeSite(server.url, { controllerId: id, doors: 1, carrierCode: `RAPIDE-${at.join('')}` })
  const online = { port: server.mqttPort, password: site.password, doors: 1, more: { keypads } }
  const device = await connectDevice(newDevice(id), online)
  const code = await spareCode(site, id)
  const packets = at.map((keypad, index) => {
    const question = { ask: `ask-${index}`, boot: device.boot, up: upOf(device), keypad, code }
    const payload = JSON.stringify(question)
    const about = { topic: `v1/${id}/up/code`, payload, qos: 1, dup: false, retain: false } as const
    return generate({ cmd: 'publish', ...about, messageId: 60_000 + index })
  })
  device.link.socket.write(Buffer.concat(packets))
  const answer = async (ask: string) =>
    readJson(await device.link.next<IPublishPacket>(isOn(`v1/${id}/down/order`, message => message.ask === ask)))
  const answers = await Promise.all([answer('ask-0'), answer('ask-1')])
  const [order, ...moreOrders] = answers.filter(each => each.type === 'open')
  expect(moreOrders).toEqual([])
  expect(order).toMatchObject({ door: 1 })
  expect(answers.filter(each => each.type === 'refuse')).toMatchObject([{ reason: 'used' }])
  const cause = { grant: order.grant, order: order.order }
  await report(device, { type: 'accepted', door: 1, cause }, { type: 'unlocked', door: 1, cause })
  expect([await ordersByCode(id), await unlocks(id)]).toEqual([1, 1])
  device.link.destroy()
})

test('one code at two keypads of a bank at once: the door opens once, and the other keypad says "used"', async () => {
  const id = 'two-keypads'
  const site = await makeSite(server.url, { controllerId: id, doors: 1, carrierCode: 'RAPIDE-2' })
  const proxy = await startMqttProxy(server.mqttPort)
  // no list reaches the bank, so that it asks the server about every code
  proxy.rule = message => (message.topic.endsWith('/grants') ? [] : [message])
  const { password, codeKey } = site
  const parts = { id, password, codeKey, doors: [{ door: 1, size: 'S' as const }], keypads }
  const sim = await startController({ ...parts, mqttUrl: proxy.url })
  try {
    await eventually(() => sim.state().connected, soon)
    const { code, id: parcelId } = await deposit(site, { controllerId: id, hands: handsOf(sim) })
    const shown = await Promise.all([sim.typeCode(1, code), sim.typeCode(2, code)])
    expect(shown.map(each => each.result).sort()).toEqual(['open', 'refused'])
    expect(shown).toContainEqual(expect.objectContaining({ result: 'refused', reason: 'used' }))
    await eventually(async () => (await unlocks(id)) > 0, soon)
    sim.take(1)
    sim.shutDoor(1)
    const parcel = async () => (await site.landlord('GET', `/api/parcels/${parcelId}`)).body.state as unknown
    await eventually(async () => (await parcel()) === 'collected', soon)
    expect([await ordersByCode(id), await unlocks(id)]).toEqual([1, 1])
  } finally {
    await sim.stop()
    proxy.close()
  }
})

test('fifty couriers at once for the last ten compartments: ten doors, and forty are told clearly that none is free', async () => {
  const id = 'full-bank'
  const doors = 24
  const site = await makeSite(server.url, { controllerId: id, doors, carrierCode: 'RAPIDE-50' })
  const device = await connectDevice(newDevice(id), { port: server.mqttPort, password: site.password, doors })
  await device.link.next(isOn(`v1/${id}/down/welcome`))
  const body = { controllerId: id, residentId: site.resident.id, size: 'S' }
  const taken = await Promise.all(Array.from({ length: doors - 10 }, () => site.courier('POST', '/api/parcels', body)))
  expect(taken.every(each => each.status === 201)).toBe(true)

  const carrier = { siteId: site.siteId, carrierCode: 'RAPIDE-50' }
  // five tablets: a fifth sign-in under way would count as a wrong try, so the first goes ahead
  const tablets = [site.courier, ...(await Promise.all([1, 2, 3, 4].map(() => signIn(server.url, carrier))))]
  const couriers = Array.from({ length: 50 }, (_, at) => tablets[at % tablets.length]!)
  const answers = await Promise.all(couriers.map(courier => courier('POST', '/api/parcels', body)))
  const given = answers.filter(each => each.status === 201).map(each => each.body.door as unknown as number)
  expect(new Set(given).size).toBe(10)
  expect(given).toHaveLength(10)
  const refused = answers.filter(each => each.status !== 201)
  const free = { S: 0, M: 0, L: 0, XL: 0 }
  const clear = { reason: 'none-free', message: expect.stringContaining('compartment'), details: { free } }
  expect(refused).toHaveLength(40)
  for (const each of refused) expect(each).toMatchObject({ status: 409, body: { error: clear } })

  const ordered = await eventually(() => {
    const heard = device.link.messages.filter(each => each.topic.endsWith('/order')).map(readJson)
    return heard.length >= doors && heard.map(each => Number(each.door))
  }, soon)
  expect(ordered.sort((a, b) => a - b)).toEqual(Array.from({ length: doors }, (_, at) => at + 1))
  const [rows] = await database.sql`
    select count(*)::int as parcels, count(distinct door_id)::int as doors from parcels where state = 'placing'
      and door_id in (select id from doors where controller_id = ${id})`
  expect(rows).toEqual({ parcels: doors, doors })
  device.link.destroy()
})
