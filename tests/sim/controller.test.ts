import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ControllerOptions, type SimController, startController } from '../../firmware-sim/controller.ts'
import { eventually } from '../support/eventually.ts'
import { codeKey, grantOf, password, type SmallServer, startSmallServer } from './small-server.ts'

const id = 'bank-1'
let server: SmallServer
let sims: SimController[] = []
let folder: string

beforeEach(async () => {
  server = await startSmallServer()
  sims = []
  folder = mkdtempSync(join(tmpdir(), 'sim-'))
})
afterEach(async () => {
  await Promise.all(sims.map(sim => sim.stop()))
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function connected(more: Partial<ControllerOptions> = {}): Promise<SimController> {
  const sim = await startController({ id, password, codeKey, mqttUrl: server.mqttUrl, doors: 4, ...more })
  sims.push(sim)
  await eventually(() => sim.state().connected, { withinMs: 10_000 })
  return sim
}

const list = async (sim: SimController, version: number, ...grants: object[]) => {
  await server.send(id, 'grants', { version, page: 1, pages: 1, grants })
  await eventually(() => sim.state().versions.grants === version)
}

const order = (sim: SimController, more: object = {}) => {
  const { boot, up } = sim.state()
  return { order: 'o-1', type: 'open', door: 2, grant: 'g-9', boot, notAfterUp: up + 10_000, ...more }
}

const types = () => server.events.map(each => each.type)

test('sends its status with doors first, then everything in its journal, and gets it acked [STATUS-1]', async () => {
  const sim = await connected()
  expect(server.statuses[0]).toMatchObject({ state: 'online', last: 1, clock: 'none', protocol: 1, grants: 0 })
  expect(server.statuses[0]?.doors).toHaveLength(4)
  await eventually(() => sim.state().journal.unacked === 0)
  expect(types()).toEqual(['started', 'clock-set'])
  expect(sim.state().clock.kind).toBe('synced')
})

test('opens by a code of its list, once, also without network, and tells it later', async () => {
  const sim = await connected()
  await list(sim, 5, grantOf('g-1', '12345678'))
  sim.cutNetwork()
  expect(await sim.typeCode(1, '12345678')).toEqual({ result: 'open', door: 1 })
  expect(sim.state().doors[0]).toMatchObject({ leaf: 'open', bolt: 'locked' })
  sim.put(1)
  sim.shutDoor(1)
  expect(await sim.typeCode(1, '12345678')).toMatchObject({ result: 'refused', reason: 'used' })
  sim.restoreNetwork()
  await eventually(() => types().includes('code-refused'), { withinMs: 10_000 })
  expect(types().slice(3)).toEqual(['accepted', 'unlocked', 'opened', 'closed', 'occupied', 'code-refused'])
})

test('opens by order, and only once by the same order', async () => {
  const sim = await connected()
  const once = order(sim)
  await server.send(id, 'order', once)
  await server.send(id, 'order', once)
  await eventually(() => types().includes('order-refused'))
  expect(types().filter(each => each === 'unlocked')).toHaveLength(1)
  expect(sim.state().doors[1]?.leaf).toBe('open')
  expect(sim.state().lastOrderRefusals).toMatchObject([{ order: 'o-1', reason: 'repeated' }])
})

test('asks the server for a code it does not know, and shows its answer', async () => {
  const sim = await connected()
  server.answer = ({ ask }) => order(sim, { ask }) as never
  expect(await sim.typeCode(1, '55556666')).toEqual({ result: 'open', door: 2 })
  server.answer = ({ ask }) => ({ ask, type: 'refuse', reason: 'used', usedAt: 1_790_000_000_000 })
  expect(await sim.typeCode(1, '55556667')).toEqual({ result: 'refused', reason: 'used', usedAt: 1_790_000_000_000 })
  server.answer = null
  expect(await sim.typeCode(1, '55556668')).toEqual({ result: 'refused', reason: 'no-answer' })
  expect(server.codes).toHaveLength(3)
})

test('tells the server by its will that the network went, and by itself that it stops [STATUS-10]', async () => {
  const sim = await connected()
  sim.cutNetwork()
  await eventually(() => server.offline === 1)
  sim.restoreNetwork()
  await eventually(() => sim.state().connected, { withinMs: 10_000 })
  await sim.stop()
  sims = []
  await eventually(() => server.offline === 2)
})

test('each boot says why: power, update or watchdog [TYPE-1]', async () => {
  const sim = await connected()
  sim.reset('update')
  sim.reset('watchdog')
  sim.cutPower()
  sim.restorePower()
  const reasons = () => server.events.filter(each => each.type === 'started').map(each => each.reason)
  await eventually(() => reasons().length === 4, { withinMs: 10_000 })
  expect(reasons()).toEqual(['power', 'update', 'watchdog', 'power'])
})

test('`link` is new with every connection, `boot` with every boot, `journal` with every journal made [STATUS-5]', async () => {
  const sim = await connected()
  const after = async (happens: () => void) => {
    const before = server.statuses.length
    happens()
    await eventually(() => server.statuses.length > before && sim.state().connected, { withinMs: 10_000 })
    return server.statuses.at(-1)!
  }
  const newLink = () => {
    sim.cutNetwork()
    sim.restoreNetwork()
  }
  const first = server.statuses.at(-1)!
  const second = await after(newLink)
  expect(second).toMatchObject({ boot: first.boot, journal: first.journal })
  const third = await after(() => {
    sim.cutPower()
    sim.restorePower()
  })
  expect(third.journal).toBe(first.journal)
  expect(third.boot).not.toBe(first.boot)
  // a server that knows more of this journal than the device does
  server.recorded.set(first.journal, 1_000)
  await after(newLink)
  await eventually(() => server.statuses.at(-1)!.journal !== first.journal)
  const fourth = server.statuses.at(-1)!
  expect(fourth.boot).toBe(third.boot)
  expect(new Set([first, second, third, fourth].map(each => each.link)).size).toBe(4)
})

test('two devices with the same flash, byte for byte, name nothing alike [FORM-5]', async () => {
  const origin = await connected()
  await eventually(() => origin.state().journal.unacked === 0)
  const stored = origin.stored()
  await origin.stop()
  // so that both have to make a new journal
  server.recorded.set(stored.journal!.name, 1_000)
  const names: string[][] = []
  for (const twin of ['bank-2', 'bank-3']) {
    const sim = await connected({ id: twin, stored: structuredClone(stored) })
    await eventually(() => server.statuses.at(-1)!.journal !== stored.journal!.name)
    await sim.typeCode(1, '99999999')
    const { link, boot, journal } = server.statuses.at(-1)!
    names.push([link, boot, journal, server.codes.at(-1)!.ask])
  }
  expect(new Set(names.flat()).size).toBe(8)
})

test('a power cut forgets the boot, not the uses', async () => {
  const sim = await connected()
  await list(sim, 5, grantOf('g-1', '12345678', { reopenMs: 120_000 }))
  expect(await sim.typeCode(1, '12345678')).toMatchObject({ result: 'open' })
  expect(await sim.typeCode(1, '12345678')).toMatchObject({ result: 'open' })
  const { boot } = sim.state()
  sim.cutPower()
  expect(await sim.typeCode(1, '12345678')).toEqual({ result: 'refused', reason: 'no-power' })
  sim.restorePower()
  expect(sim.state().boot).not.toBe(boot)
  expect(await sim.typeCode(1, '12345678')).toMatchObject({ result: 'refused', reason: 'used' })
})

test('keeps journal, list and steel in files', async () => {
  const first = await connected({ dataDir: folder })
  await list(first, 5, grantOf('g-1', '12345678'))
  await first.typeCode(1, '12345678')
  await first.stop()
  sims = []
  const again = await connected({ dataDir: folder })
  expect(again.state()).toMatchObject({ versions: { grants: 5 }, doors: [{ door: 1, leaf: 'open' }, {}, {}, {}] })
  expect(await again.typeCode(1, '12345678')).toMatchObject({ result: 'refused', reason: 'used' })
  await eventually(() => again.state().journal.unacked === 0)
  const seqs = server.events.map(each => each.seq)
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
})
