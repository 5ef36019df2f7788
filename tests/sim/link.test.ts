import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ControllerOptions, type SimController, startController } from '../../firmware-sim/controller.ts'
import type { Fault } from '../../firmware-sim/faults.ts'
import { startFleet } from '../../firmware-sim/fleet.ts'
import { reconnectWait } from '../../firmware-sim/reconnect.ts'
import { eventually } from '../support/eventually.ts'
import { startMqttProxy } from '../support/mqtt-proxy.ts'
import { codeKey, grantOf, password, type SmallServer, startSmallServer } from './small-server.ts'

let server: SmallServer
let sims: SimController[] = []
beforeEach(async () => {
  server = await startSmallServer()
  sims = []
})
afterEach(async () => {
  await Promise.all(sims.map(sim => sim.stop()))
  await server.close()
})

async function start(more: Partial<ControllerOptions> = {}): Promise<SimController> {
  const sim = await startController({ id: 'bank-1', password, codeKey, mqttUrl: server.mqttUrl, doors: 4, ...more })
  sims.push(sim)
  return sim
}
const isUp = (sim: SimController) => eventually(() => sim.state().connected, { withinMs: 15_000 })
const openOrder = (sim: SimController, order: string, door: number) => {
  const { boot, up } = sim.state()
  return { order, type: 'open', door, grant: `g-${order}`, boot, notAfterUp: up + 8000 }
}
const seqs = () => server.events.map(each => each.seq)

test('without a broker it works by itself and connects when there is one', async () => {
  const { port } = server.broker
  await server.close()
  const sim = await start({ random: () => 0.1 })
  expect(await sim.typeCode(1, '99999999')).toEqual({ result: 'refused', reason: 'unknown' })
  server = await startSmallServer(port)
  await isUp(sim)
  await eventually(() => server.events.some(each => each.type === 'code-refused'))
})

test('a wrong password is refused and tried again, like a broker that is away', async () => {
  let waits = 0
  const random = () => {
    waits++
    return 0.2
  }
  const sim = await start({ password: 'wrong', random })
  await eventually(() => waits >= 3, { withinMs: 10_000 })
  expect(sim.state().phase).toBe('down')
})

test('any broker will do: MQTT 3.1.1, a clean session, a keepalive of at most 30 s, QoS 1, nothing retained [LINK-3, LINK-4, LINK-14, LINK-15, LINK-17]', async () => {
  const proxy = await startMqttProxy(server.broker.port)
  const sim = await start({ mqttUrl: proxy.url })
  await isUp(sim)
  expect(await sim.typeCode(1, '99999999')).toMatchObject({ result: 'refused' })
  await eventually(() => sim.state().journal.unacked === 0)
  await sim.stop()
  proxy.close()
  const kinds = new Set<string>()
  for (const packet of proxy.said) {
    if (packet.cmd === 'connect') {
      expect(packet).toMatchObject({ protocolVersion: 4, clean: true, clientId: 'bank-1', username: 'bank-1' })
      expect(packet.keepalive).toBeGreaterThan(0)
      expect(packet.keepalive).toBeLessThanOrEqual(30)
      expect(packet.will).toMatchObject({ topic: 'v1/bank-1/up/status', qos: 1, retain: false })
    }
    if (packet.cmd === 'publish') expect(packet).toMatchObject({ qos: 1, retain: false })
    if (packet.cmd === 'publish') kinds.add(packet.topic)
    if (packet.cmd === 'subscribe') expect(packet.subscriptions).toMatchObject([{ topic: 'v1/bank-1/down/+', qos: 1 }])
  }
  expect(proxy.said[0]!.cmd).toBe('connect')
  expect([...kinds].sort()).toEqual(['v1/bank-1/up/code', 'v1/bank-1/up/events', 'v1/bank-1/up/status'])
})

test('waits at most 1 s at first, doubling to at most 120 s [LINK-9]', () => {
  const longest = Array.from({ length: 10 }, (_, attempts) => reconnectWait(attempts, 1))
  expect(longest).toEqual([1, 2, 4, 8, 16, 32, 64, 120, 120, 120].map(each => each * 1000))
  expect(reconnectWait(5000, 1)).toBe(120_000)
  expect(reconnectWait(3, 0)).toBe(0)
})

test('messages doubled, swapped and dropped in both ways: everything is recorded once and in order', async () => {
  const faults: Fault[] = [
    { point: 'double', way: 'up', kind: 'events', times: 3 },
    { point: 'double', way: 'down', kind: 'ack', times: 3 },
    { point: 'swap', way: 'down', kind: 'ack', times: 1 },
    { point: 'double', way: 'down', kind: 'welcome', times: 1 },
    { point: 'delay', way: 'up', kind: 'events', ms: 50, times: 2 },
  ]
  const sim = await start({ faults })
  await isUp(sim)
  for (const door of [1, 2, 3, 4]) sim.openDoor(door)
  // an ack held back by the swap comes with the next message of any kind
  await server.send('bank-1', 'grants', { version: 5, page: 1, pages: 1, grants: [] })
  await eventually(() => sim.state().journal.unacked === 0 && sim.state().versions.grants === 5, { withinMs: 15_000 })
  expect(seqs()).toEqual(seqs().map((_, index) => index + 1))
  expect(server.events.filter(each => each.type === 'opened')).toHaveLength(4)
})

test('an order doubled by the link, marked retained, or late opens no door of its own', async () => {
  const faults: Fault[] = []
  const sim = await start({ faults })
  await isUp(sim)
  faults.push({ point: 'double', way: 'down', kind: 'order', times: 1 })
  await server.send('bank-1', 'order', openOrder(sim, 'doubled', 1))
  await eventually(() => sim.state().lastOrderRefusals.some(each => each.reason === 'repeated'))
  faults.push({ point: 'retain', way: 'down', kind: 'order', times: 1 })
  await server.send('bank-1', 'order', openOrder(sim, 'retained', 2))
  await eventually(() => sim.state().lastOrderRefusals.some(each => each.reason === 'retained'))
  faults.push({ point: 'delay', way: 'down', kind: 'order', ms: 400, times: 1 })
  await server.send('bank-1', 'order', { ...openOrder(sim, 'late', 3), notAfterUp: Math.ceil(sim.state().up) + 200 })
  await eventually(() => sim.state().lastOrderRefusals.some(each => each.reason === 'late'))
  expect(sim.state().doors.map(each => each.leaf)).toEqual(['open', 'closed', 'closed', 'closed'])
})

test('two orders at once: the second is told that a bolt is moving [ORDER-14]', async () => {
  const sim = await start({ faults: [{ point: 'slow-bolt', ms: 300, times: 1 }] })
  await isUp(sim)
  await server.send('bank-1', 'order', openOrder(sim, 'a', 1))
  await server.send('bank-1', 'order', openOrder(sim, 'b', 2))
  await eventually(() => sim.state().doors[0]?.leaf === 'open')
  expect(sim.state().lastOrderRefusals).toMatchObject([{ order: 'b', reason: 'busy' }])
  expect(sim.state().doors[1]?.leaf).toBe('closed')
})

test('an order sent to a connection that was cut is not obeyed by the next one', async () => {
  const faults: Fault[] = [{ point: 'delay', way: 'down', kind: 'order', ms: 200, times: 2 }]
  const sim = await start({ faults, random: () => 0 })
  await isUp(sim)
  await server.send('bank-1', 'order', openOrder(sim, 'a', 1))
  await eventually(() => faults[0]?.times === 1)
  sim.cutNetwork()
  sim.restoreNetwork()
  await isUp(sim)
  // as late as the first, so that the first is over when this one is obeyed
  await server.send('bank-1', 'order', openOrder(sim, 'b', 2))
  await eventually(() => sim.state().doors[1]?.leaf === 'open')
  expect(sim.state().doors[0]?.leaf).toBe('closed')
})

test('a server that comes back after a stop gets everything in between', async () => {
  const sim = await start({ random: () => 0.05 })
  await isUp(sim)
  const { port } = server.broker
  const heard = server.recorded
  await server.close()
  await eventually(() => sim.state().phase === 'down')
  for (const door of [1, 2, 3]) sim.openDoor(door)
  const last = sim.state().journal.last
  server = await startSmallServer(port)
  for (const [journal, seq] of heard) server.recorded.set(journal, seq)
  await eventually(() => server.events.at(-1)?.seq === last, { withinMs: 15_000 })
})

test('a fleet connects, opens by code, survives a cut of all, and stops', async () => {
  const fleet = await startFleet({
    count: 200,
    mqttUrl: server.mqttUrl,
    credentials: index => ({ id: `bank-${index + 1}`, password, codeKey, doors: 24 }),
    random: () => 0.2,
  })
  await eventually(() => fleet.connected() === 200, { withinMs: 20_000 })
  const grants = [grantOf('g-1', '12345678', { door: 3 })]
  await server.send('bank-200', 'grants', { version: 5, page: 1, pages: 1, grants })
  await eventually(() => fleet.state(199).flash.grants.version === 5)
  expect(await fleet.typeCode(199, 1, '12345678')).toEqual({ result: 'open', door: 3 })
  expect(fleet.state(199).doors[3]?.leaf).toBe('open')
  fleet.shutDoor(199, 3)
  fleet.cut()
  await eventually(() => fleet.connected() === 0)
  expect(await fleet.typeCode(199, 1, '12345678')).toMatchObject({ reason: 'used' })
  fleet.restore()
  await eventually(() => fleet.connected() === 200, { withinMs: 20_000 })
  await eventually(() => server.events.filter(each => each.type === 'unlocked').length === 1)
  const before = server.offline
  await fleet.stop()
  await eventually(() => server.offline >= before + 200)
})
