import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type SimController, startController } from '../../firmware-sim/controller.ts'
import { makeSite } from '../support/api.ts'
import { deposit, doorOnWall, handsOf, listIsKnown, type Site } from '../support/deposit.ts'
import { eventually } from '../support/eventually.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'
import { connectDevice, isOn, newDevice, sendEvents } from '../support/raw-device.ts'
import { connectRaw } from '../support/raw-mqtt.ts'

// people sign in for each test, and every sign-in costs a hash on purpose
vi.setConfig({ testTimeout: 60_000 })

let database: FreshDatabase
let server: ServerProcess
let site: Site
let other: { password: string; codeKey: string }
let round = 0
let near = ''
let far = ''
const dataDir = mkdtempSync(join(tmpdir(), 'doors-two-'))
const soon = { withinMs: 20_000 }

beforeAll(async () => {
  database = await freshDatabase()
  server = await startProcess({ databaseUrl: database.url, dataDir, logLevel: 'warn' })
})
afterAll(async () => {
  await server?.stop()
  await database?.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Two banks of one site, each enrolled with a password and a key of its own. */
beforeEach(async () => {
  round += 1
  near = `near-bank-${round}`
  far = `far-bank-${round}`
  site = await makeSite(server.url, { controllerId: near, doors: 1, carrierCode: `RAPIDE-${round}` })
  const box = { door: 1, kind: 'compartment', size: 'S', doorSensor: true, occupancySensor: true }
  const bank = { id: far, siteId: site.siteId, name: 'Autre banc', doors: [box] }
  const made = await site.landlord('POST', '/api/controllers', bank)
  expect(made.status).toBe(201)
  other = made.body as unknown as typeof other
})

const told = (id: string) => database.sql<{ type: string }[]>`
  select type, facts->>'reason' as reason, grant_id, live from history where controller_id = ${id} order by n`
const said = async (id: string, type: string) => (await told(id)).filter(each => each.type === type)
const lines = (id: string) =>
  server.log().filter(line => line.includes('"refused"') && line.includes(`"controllerId":"${id}"`))

test('what a bank says in the name of another is not heard, ends its connection and is logged', async () => {
  const port = server.mqttPort
  const foreign = await connectDevice(newDevice(near), { port, password: site.password, doors: 1 })
  const real = await connectDevice(newDevice(far), { port, password: other.password, doors: 1 })
  await real.link.next(isOn(`v1/${far}/down/welcome`))
  const before = await told(far)
  const event = { seq: 1, at: Date.now(), clock: 'synced', type: 'tampered' }
  // in the other's own journal, so that only the permission stands between it and the history
  void sendEvents({ ...real, link: foreign.link }, [event]).catch(() => {})
  await foreign.link.closed
  await eventually(() => lines(near).length > 0, soon)
  expect(JSON.parse(lines(near)[0]!)).toMatchObject({
    action: 'publish',
    detail: `topic "v1/${far}/up/events" is not its own`,
  })
  await sendEvents(real, [{ ...event, type: 'power', source: 'mains' }])
  await eventually(async () => (await told(far)).length > before.length, soon)
  expect((await told(far)).slice(before.length).map(each => each.type)).toEqual(['power'])
  real.link.destroy()
})

test('a bank cannot listen for what another is told, nor sign in as it', async () => {
  const port = server.mqttPort
  const foreign = await connectDevice(newDevice(near), { port, password: site.password, doors: 1 })
  const filters = [`v1/${far}/down/+`, `v1/${far}/down/order`, 'v1/+/down/order', '#']
  expect(await foreign.link.subscribe(filters)).toEqual([128, 128, 128, 128])
  await eventually(() => lines(near).length >= filters.length, soon)
  const thief = await connectRaw({ port, clientId: far, username: far, password: site.password })
  expect(thief.connack?.returnCode).not.toBe(0)

  const real = await connectDevice(newDevice(far), { port, password: other.password, doors: 1 })
  await real.link.next(isOn(`v1/${far}/down/welcome`))
  const door = await doorOnWall(site, far, 1)
  const opening = await site.landlord('POST', `/api/doors/${door.id}/open`, { reason: 'inspection' })
  await real.link.next(isOn(`v1/${far}/down/order`, message => message.order === opening.body.orderId))
  expect(foreign.link.messages.filter(({ topic }) => !topic.startsWith(`v1/${near}/`))).toEqual([])
  for (const { link } of [foreign, real]) link.destroy()
})

let sims: SimController[] = []
afterEach(async () => {
  for (const sim of sims) await sim.stop()
  sims = []
})

async function switchOn(id: string, secrets: { password: string; codeKey: string }): Promise<SimController> {
  const { password, codeKey } = secrets
  const doors = [{ door: 1, size: 'S' as const }]
  const mqttUrl = `mqtt://127.0.0.1:${server.mqttPort}`
  const sim = await startController({ id, password, codeKey, doors, mqttUrl })
  sims.push(sim)
  await eventually(() => sim.state().connected, soon)
  return sim
}

test('a code typed at another bank opens nothing there, with or without the server, is recorded, and still opens its own', async () => {
  const home = await switchOn(near, site)
  const away = await switchOn(far, other)
  const parcel = await deposit(site, { controllerId: near, hands: handsOf(home) })
  const theirs = await deposit(site, { controllerId: far, hands: handsOf(away) })
  await listIsKnown(site, near)
  await listIsKnown(site, far)
  expect(away.state().grants).toBe(1)

  // online: its list does not know the code, so the server is asked, which knows it for another bank only
  expect(await away.typeCode(1, parcel.code)).toMatchObject({ result: 'refused', reason: 'unknown' })
  expect(await said(far, 'ask-refused')).toMatchObject([{ reason: 'unknown', grantId: null }])

  // offline: the list alone answers, and the server hears of it later
  away.cutNetwork()
  expect(await away.typeCode(1, parcel.code)).toMatchObject({ result: 'refused', reason: 'unknown' })
  away.restoreNetwork()
  await eventually(async () => (await said(far, 'code-refused')).length > 0, soon)
  expect(await said(far, 'code-refused')).toMatchObject([{ reason: 'unknown', grantId: null }])

  expect(away.events().filter(each => each.type === 'unlocked')).toHaveLength(1)
  expect(await doorOnWall(site, far, 1)).toMatchObject({ state: 'closed', parcel: { id: theirs.id, state: 'waiting' } })
  expect(await doorOnWall(site, near, 1)).toMatchObject({
    state: 'closed',
    parcel: { id: parcel.id, state: 'waiting' },
  })
  expect(await home.typeCode(1, parcel.code)).toEqual({ result: 'open', door: 1 })
})
