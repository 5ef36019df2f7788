import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type SimController, startController } from '../../firmware-sim/controller.ts'
import { fileStore } from '../../firmware-sim/file-store.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { makeSite } from '../support/api.ts'
import { deposit, doorIs, doorOnWall, handsOf, listIsKnown, type Placed, type Site } from '../support/deposit.ts'
import { eventually } from '../support/eventually.ts'
import { type MqttProxy, startMqttProxy } from '../support/mqtt-proxy.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'
import { type SimProcess, startSimProcess } from '../support/sim-process.ts'

// each waits for a process to start and for a device to come back several times
vi.setConfig({ testTimeout: 90_000 })

let database: FreshDatabase
let server: ServerProcess
let proxy: MqttProxy
let site: Site
let folder: string
let sim: SimController
let running: SimProcess | undefined
let id = ''
let banks = 0
const dataDir = mkdtempSync(join(tmpdir(), 'doors-kill-sim-'))

beforeAll(async () => {
  database = await freshDatabase()
  server = await startProcess({ databaseUrl: database.url, dataDir })
  proxy = await startMqttProxy(server.mqttPort)
})
afterAll(async () => {
  proxy?.close()
  await server?.stop()
  await database?.drop()
  rmSync(dataDir, { recursive: true, force: true })
})
beforeEach(async () => {
  id = `killed-bank-${++banks}`
  folder = mkdtempSync(join(tmpdir(), 'doors-sim-'))
  proxy.rule = message => [message]
  site = await makeSite(server.url, { controllerId: id, doors: 1, carrierCode: `RAPIDE-${banks}` })
})
afterEach(async () => {
  await running?.kill()
  await sim?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const device = () => ({ id, password: site.password, codeKey: site.codeKey, doors: [{ door: 1, size: 'S' as const }] })

/** The same controller: with the memory on its disk, or with none left. */
async function switchOn({ memory = 'disk' } = {}): Promise<void> {
  sim = await startController({ ...device(), mqttUrl: proxy.url, dataDir: join(folder, memory, id) })
  await eventually(() => sim.state().connected)
}

async function switchOff(): Promise<void> {
  sim.cutPower()
  await sim.stop()
}

function onDisk() {
  const store = fileStore(join(folder, 'disk', id))
  const { journal } = store.load()
  store.close()
  return journal!
}

type Row = { seq: number; type: string }
const recorded = (journal: string) =>
  database.sql<Row[]>`select seq, type from history where controller_id = ${id} and journal = ${journal} order by n`

/** Everything the device wrote is in the history, once and in the order of the device, in a chain that is whole. */
async function allIsTold(): Promise<string[]> {
  const { name, held } = onDisk()
  const written = held.map(({ event: { seq, type } }) => ({ seq, type: String(type) }))
  expect(written.map(each => each.seq)).toEqual(written.map((_, at) => at + 1))
  await eventually(async () => (await recorded(name)).length >= written.length)
  expect(await recorded(name)).toEqual(written)
  expect(await brokenAt(database.sql, site.siteId)).toBeNull()
  return written.map(each => each.type)
}

/** What the device wrote since an opening was accepted last. */
const sinceAccepted = (types: string[]) =>
  types.slice(types.lastIndexOf('accepted')).filter(type => type !== 'clock-set')

const states = async (parcel: Placed) => {
  const rows = await database.sql`
    select p.state, d.offer from parcels p join doors d on d.id = p.door_id where p.id = ${parcel.id} or p.door_id = ${parcel.doorId}`
  expect(rows).toHaveLength(1)
  return rows[0]
}

type Entry = { type: string; suspect: string | null }
/** What the caretaker reads: the story of the parcel, and how much there is to check on the wall. */
async function shown(parcel: Placed): Promise<{ story: Entry[]; toCheck: number }> {
  const one = await site.landlord('GET', `/api/parcels/${parcel.id}`)
  const wall = await site.landlord('GET', `/api/controllers/${id}`)
  const story = (one.body.timeline as unknown as Entry[]).filter(each => openings.includes(each.type))
  return { story: story.map(({ type, suspect }) => ({ type, suspect })), toCheck: Number(wall.body.suspect) }
}
const openings = ['accepted', 'unlocked', 'opening-doubted']
const doubt = { type: 'opening-doubted', suspect: 'bolt-in-doubt' }
const said = (type: string) => ({ type, suspect: null })
const deposited = [said('accepted'), said('unlocked')]

/** The device as a process of its own, which dies with SIGKILL at that point of an opening by the code. */
async function killedWhileOpening(fault: string): Promise<Placed & { code: string }> {
  await switchOn()
  const parcel = await deposit(site, { controllerId: id, hands: handsOf(sim) })
  await listIsKnown(site, id)
  await switchOff()
  const options = { mqttUrl: proxy.url, folder: join(folder, 'disk'), device: device(), faults: [fault] }
  running = await startSimProcess(options)
  running.type(`code 1 ${parcel.code}`)
  expect(await running.dead).toEqual([null, 'SIGKILL'])
  return parcel
}

async function isCollected(parcel: Placed): Promise<void> {
  await doorIs(site, id, 1, 'open')
  handsOf(sim).take(1)
  handsOf(sim).shut(1)
  await eventually(async () => (await doorOnWall(site, id, 1)).offer === 'free')
  expect(await states(parcel)).toEqual({ state: 'collected', offer: 'free' })
}

/** At the keypad after one more power cut, and through the server from a controller that has lost its memory. */
async function codeIsUsedForEver({ code }: { code: string }): Promise<void> {
  await switchOff()
  await switchOn()
  expect(await sim.typeCode(1, code)).toMatchObject({ result: 'refused', reason: 'used' })
  await allIsTold()
  await switchOff()
  proxy.rule = message => (message.topic.endsWith('/grants') ? [] : [message])
  await switchOn({ memory: 'empty' })
  expect(await sim.typeCode(1, code)).toMatchObject({ result: 'refused', reason: 'used' })
  const [asked] = await database.sql`
    select facts->>'reason' as reason from history where controller_id = ${id} and type = 'ask-refused'`
  expect(asked).toEqual({ reason: 'used' })
  const [use] = await database.sql`
    select count(*)::int as times from history h join grants g on g.id = h.grant_id
    where h.controller_id = ${id} and h.type = 'unlocked' and g.purpose = 'pickup'`
  expect(use).toEqual({ times: 1 })
  expect(await brokenAt(database.sql, site.siteId)).toBeNull()
}

test('killed between the bolt and `unlocked`: the doubt is seen, the code is tried again, and then it is used', async () => {
  const parcel = await killedWhileOpening('die-after-bolt-before-unlocked')
  await switchOn()
  await doorIs(site, id, 1, 'open')
  expect(sinceAccepted(await allIsTold())).toEqual(['accepted', 'started', 'opened'])
  expect(await states(parcel)).toEqual({ state: 'waiting', offer: 'in-use' })
  expect(await shown(parcel)).toEqual({ story: [...deposited, said('accepted'), doubt], toCheck: 1 })

  handsOf(sim).shut(1)
  await doorIs(site, id, 1, 'closed')
  expect(await sim.typeCode(1, parcel.code)).toEqual({ result: 'open', door: 1 })
  await isCollected(parcel)
  await allIsTold()
  expect((await shown(parcel)).story).toEqual([...deposited, said('accepted'), doubt, ...deposited])
  await codeIsUsedForEver(parcel)
})

test('killed between the bolt and `unlocked`, and the parcel is gone: contested, never free', async () => {
  const parcel = await killedWhileOpening('die-after-bolt-before-unlocked')
  await switchOn()
  await doorIs(site, id, 1, 'open')
  handsOf(sim).take(1)
  handsOf(sim).shut(1)
  await eventually(async () => (await doorOnWall(site, id, 1)).offer === 'contested')
  await allIsTold()
  expect(await states(parcel)).toEqual({ state: 'waiting', offer: 'contested' })
  expect(await shown(parcel)).toEqual({ story: [...deposited, said('accepted'), doubt], toCheck: 2 })
})

test('killed between `accepted` and the bolt: the door stays shut, the doubt is seen, the code opens once', async () => {
  const parcel = await killedWhileOpening('die-after-accepted-before-bolt')
  await switchOn()
  expect(sinceAccepted(await allIsTold())).toEqual(['accepted', 'started'])
  expect(await doorOnWall(site, id, 1)).toMatchObject({ state: 'closed' })
  expect(await states(parcel)).toEqual({ state: 'waiting', offer: 'in-use' })
  expect(await shown(parcel)).toEqual({ story: [...deposited, said('accepted'), doubt], toCheck: 1 })

  expect(await sim.typeCode(1, parcel.code)).toEqual({ result: 'open', door: 1 })
  await isCollected(parcel)
  await codeIsUsedForEver(parcel)
})

test('killed after `unlocked`, before anybody heard of it: the code was used, and the parcel is collected', async () => {
  const parcel = await killedWhileOpening('die-after-unlocked')
  await switchOn()
  expect(await sim.typeCode(1, parcel.code)).toMatchObject({ result: 'refused', reason: 'used' })
  await isCollected(parcel)
  await allIsTold()
  expect(await shown(parcel)).toEqual({ story: [...deposited, ...deposited], toCheck: 0 })
  await codeIsUsedForEver(parcel)
})
