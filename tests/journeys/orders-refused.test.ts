import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IPublishPacket } from 'mqtt-packet'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type SimController, startController } from '../../firmware-sim/controller.ts'
import { admin, makeSite } from '../support/api.ts'
import { doorOnWall, type Site } from '../support/deposit.ts'
import { eventually } from '../support/eventually.ts'
import { type Watcher, watchLive } from '../support/live.ts'
import { type MqttProxy, startMqttProxy } from '../support/mqtt-proxy.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'

// an order lives for 10 s, and one of them is really waited for
vi.setConfig({ testTimeout: 90_000 })

let database: FreshDatabase
let server: ServerProcess
let site: Site
let proxy: MqttProxy
let sim: SimController
let wall: Watcher
let door = 0
let seen: IPublishPacket[] = []
const id = 'refusing-bank'
const doors = 7
const dataDir = mkdtempSync(join(tmpdir(), 'doors-refused-'))
const soon = { withinMs: 20_000 }

beforeAll(async () => {
  database = await freshDatabase()
  server = await startProcess({ databaseUrl: database.url, dataDir })
  site = await makeSite(server.url, { controllerId: id, doors })
  proxy = await startMqttProxy(server.mqttPort)
  const { password, codeKey } = site
  const boxes = Array.from({ length: doors }, (_, at) => ({ door: at + 1, size: 'S' as const }))
  sim = await startController({ id, password, codeKey, doors: boxes, mqttUrl: proxy.url })
  wall = await watchLive(server.url, { siteId: site.siteId, who: admin })
  await eventually(() => sim.state().connected, soon)
})
afterAll(async () => {
  wall?.socket.close()
  await sim?.stop()
  proxy?.close()
  await server?.stop()
  await database?.drop()
  rmSync(dataDir, { recursive: true, force: true })
})
beforeEach(() => {
  door += 1
  seen = []
})

const isOf = (kind: string, { topic }: IPublishPacket) => topic === `v1/${id}/down/${kind}`
/** What the link makes of orders; no list reaches the bank, so that it asks the server about every code. */
function onOrders(does: (order: IPublishPacket) => IPublishPacket[]) {
  proxy.rule = message => {
    if (!isOf('order', message)) return isOf('grants', message) ? [] : [message]
    seen.push(message)
    return does(message)
  }
}
const keepBack = () => onOrders(() => [])

async function openByOrder(): Promise<string> {
  const { id: doorId } = await doorOnWall(site, id, door)
  const asked = await site.landlord('POST', `/api/doors/${doorId}/open`, { reason: 'inspection' })
  expect(asked.status).toBe(202)
  return String(asked.body.orderId)
}
const order = async (orderId: string) => (await site.landlord('GET', `/api/orders/${orderId}`)).body

type Refused = { orderId: string | null; facts: { order: string; reason: string }; suspect: string | null }
const refusals = async (orderId: string): Promise<Refused[]> => {
  const { body } = await site.landlord('GET', `/api/history?siteId=${site.siteId}&type=order-refused`)
  return (body.items as unknown as Refused[]).filter(each => each.facts.order === orderId)
}
const moved = (orderId: string) =>
  sim.events().filter(({ type, cause }) => type === 'unlocked' && (cause as { order?: string }).order === orderId)

type Expected = { reason: string; state?: string; unlocked?: number }

/** Refused by the device, recorded once, and told to whoever asks and whoever watches. */
async function isRefused(orderId: string, { reason, state = 'refused', unlocked = 0 }: Expected) {
  await eventually(() => sim.state().lastOrderRefusals.some(each => each.order === orderId), soon)
  expect(sim.state().lastOrderRefusals.at(-1)).toMatchObject({ order: orderId, reason })
  await eventually(async () => (await refusals(orderId)).length > 0, soon)
  expect(await refusals(orderId)).toMatchObject([{ orderId, facts: { reason }, suspect: null }])
  expect(await order(orderId)).toMatchObject({ state, reason })
  await eventually(
    () => wall.changes().some(({ orders }) => orders?.some(each => each.id === orderId && each.reason === reason)),
    soon,
  )
  expect(moved(orderId)).toHaveLength(unlocked)
  if (unlocked === 0) expect(sim.state().doors[door - 1]).toMatchObject({ bolt: 'locked', leaf: 'closed' })
}

test('late: kept back by the link until nobody waits any more, it opens nothing', async () => {
  keepBack()
  const orderId = await openByOrder()
  const { notAfterUp } = JSON.parse((await eventually(() => seen[0], soon)).payload.toString())
  await eventually(async () => (await order(orderId)).state === 'expired', soon)
  expect(sim.state().up).toBeGreaterThan(notAfterUp)
  proxy.say(seen[0]!)
  await isRefused(orderId, { reason: 'late' })
})

test('retained: an order that some broker kept for whoever comes', async () => {
  onOrders(message => [{ ...message, retain: true }])
  await isRefused(await openByOrder(), { reason: 'retained' })
})

test('repeated: the same order twice opens once, and the second is refused', async () => {
  onOrders(message => [message, message])
  await isRefused(await openByOrder(), { reason: 'repeated', state: 'done', unlocked: 1 })
})

test('wrong boot: kept back over a reboot and delivered on the next connection', async () => {
  keepBack()
  const orderId = await openByOrder()
  await eventually(() => seen[0], soon)
  const { boot } = sim.state()
  sim.reset()
  await eventually(() => sim.state().connected && sim.state().boot !== boot, soon)
  proxy.say(seen[0]!)
  await isRefused(orderId, { reason: 'wrong-boot' })
})

test('done, and said again after a reboot: it opened once, and the copy is told beside it', async () => {
  onOrders(message => [message])
  const orderId = await openByOrder()
  await eventually(async () => (await order(orderId)).state === 'done', soon)
  sim.shutDoor(door)
  const { boot } = sim.state()
  const times = moved(orderId).length
  sim.reset()
  await eventually(() => sim.state().connected && sim.state().boot !== boot, soon)
  proxy.say(seen[0]!)
  await isRefused(orderId, { reason: 'wrong-boot', state: 'done', unlocked: times })
  expect(times).toBe(1)
})

test('not asked: the answer to a code that comes when the keypad has given up', async () => {
  keepBack()
  const { id: doorId } = await doorOnWall(site, id, door)
  const span = { from: new Date(Date.now() - 1000), until: new Date(Date.now() + 3600_000) }
  const grant = { doorId, ...span, uses: 1, means: 'code', reason: 'spare key' }
  const made = await site.landlord('POST', '/api/grants', grant)
  expect(made.status).toBe(201)
  expect(await sim.typeCode(1, String(made.body.code))).toMatchObject({ result: 'refused', reason: 'no-answer' })
  proxy.say(seen[0]!)
  await isRefused(JSON.parse(seen[0]!.payload.toString()).order, { reason: 'not-asked' })
})

test('never asked: an order that no server made opens nothing and is shown as suspect', async () => {
  const { boot, up } = sim.state()
  const forged = {
    order: randomUUID(),
    type: 'open',
    door,
    grant: randomUUID(),
    boot,
    notAfterUp: up + 60_000,
    ask: 'x',
  }
  const toCheck = async () => Number((await site.landlord('GET', `/api/controllers/${id}`)).body.suspect)
  const before = await toCheck()
  proxy.say({ topic: `v1/${id}/down/order`, payload: Buffer.from(JSON.stringify(forged)) })
  await eventually(async () => (await refusals(forged.order)).length > 0, soon)
  const suspect = 'order-unknown'
  expect(await refusals(forged.order)).toMatchObject([{ orderId: null, facts: { reason: 'not-asked' }, suspect }])
  expect(moved(forged.order)).toEqual([])
  expect(await toCheck()).toBe(before + 1)
  await eventually(
    () => wall.changes().some(({ controllers }) => controllers?.some(each => each.suspect === before + 1)),
    soon,
  )
})
