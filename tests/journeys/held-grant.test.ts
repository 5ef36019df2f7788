import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type SimController, startController } from '../../firmware-sim/controller.ts'
import { makeSite } from '../support/api.ts'
import {
  deposit,
  doorIs,
  doorOnWall,
  fillBox,
  type Hands,
  handsOf,
  listIsKnown,
  type Site,
} from '../support/deposit.ts'
import { eventually } from '../support/eventually.ts'
import { type MqttProxy, startMqttProxy } from '../support/mqtt-proxy.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'

// people sign in for each test, and every sign-in costs a hash on purpose
vi.setConfig({ testTimeout: 60_000 })

let database: FreshDatabase
let server: ServerProcess
let site: Site
let proxy: MqttProxy
let sim: SimController
let hands: Hands
let id = ''
let banks = 0
const dataDir = mkdtempSync(join(tmpdir(), 'doors-held-'))

beforeAll(async () => {
  database = await freshDatabase()
  server = await startProcess({ databaseUrl: database.url, dataDir })
})
afterAll(async () => {
  await server?.stop()
  await database?.drop()
  rmSync(dataDir, { recursive: true, force: true })
})
beforeEach(async () => {
  id = `held-bank-${++banks}`
  site = await makeSite(server.url, { controllerId: id, doors: 1, carrierCode: `RAPIDE-${banks}` })
  proxy = await startMqttProxy(server.mqttPort)
  const { password, codeKey } = site
  sim = await startController({ id, password, codeKey, doors: [{ door: 1, size: 'S' }], mqttUrl: proxy.url })
  hands = handsOf(sim)
  await isOnline(true)
})
afterEach(async () => {
  await sim?.stop()
  proxy?.close()
})

const controller = async () => (await site.landlord('GET', `/api/controllers/${id}`)).body as Record<string, unknown>
const isOnline = (online: boolean) => eventually(async () => (await controller()).online === online)
const free = async () => {
  const { body } = await site.courier('GET', `/api/availability?controllerId=${id}`)
  return (body.sizes as unknown as { free: number }[])[0]!.free
}
const place = () => site.courier('POST', '/api/parcels', { controllerId: id, residentId: site.resident.id, size: 'S' })
const lookedEmpty = (doorId: string) => site.landlord('POST', `/api/doors/${doorId}/looked`, { found: 'empty' })

/** The parcel was never seen by the sensor, so somebody must look; its code is on the bank all the same. */
async function neverSeen(): Promise<string> {
  const placing = await fillBox(site, { controllerId: id, hands, empty: true })
  const placed = () => site.courier('POST', `/api/parcels/${placing.id}/placed`)
  expect((await placed()).body).toMatchObject({ error: { reason: 'not-seen' } })
  expect(await placed()).toMatchObject({ status: 200, body: { state: 'contested' } })
  await listIsKnown(site, id)
  return placing.doorId
}

/** The parcel left its box through the caretaker's hands. */
async function takenByCaretaker(): Promise<string> {
  const placing = await deposit(site, { controllerId: id, hands })
  await listIsKnown(site, id)
  await site.landlord('POST', `/api/doors/${placing.doorId}/open`, { reason: 'wrong address' })
  await doorIs(site, id, 1, 'open')
  hands.take(1)
  hands.shut(1)
  await eventually(async () => (await doorOnWall(site, id, 1)).offer === 'contested')
  return placing.doorId
}

/** The right is taken back by itself, and the parcel through the caretaker's hands. */
async function revokedByCaretaker(): Promise<string> {
  const placing = await deposit(site, { controllerId: id, hands })
  await listIsKnown(site, id)
  sim.cutNetwork()
  await isOnline(false)
  const [parcel] = await database.sql`select pickup_grant_id from parcels where id = ${placing.id}`
  expect((await site.landlord('DELETE', `/api/grants/${parcel!.pickupGrantId}`)).status).toBe(204)
  return placing.doorId
}

test.each([
  ['a deposit nobody saw, found empty', neverSeen],
  ['a parcel the caretaker took out, found empty', takenByCaretaker],
  ['a right that was revoked, found empty', revokedByCaretaker],
])('%s: the box waits until the bank reports a list without its grant [GRANTS-25]', async (_what, endsUnused) => {
  const doorId = await endsUnused()
  sim.cutNetwork()
  await isOnline(false)
  expect(await lookedEmpty(doorId)).toMatchObject({ status: 200 })
  expect(await doorOnWall(site, id, 1)).toMatchObject({ offer: 'free', parcel: null })
  const [grant] = await database.sql`select * from grants where controller_id = ${id} and purpose = 'pickup'`
  expect(grant).toMatchObject({ usedAt: null, revokedAt: expect.any(Date) })
  const { known } = (await controller()).grantsVersion as { known: number }
  expect(grant!.revokedVersion).toBeGreaterThan(known)
  expect(await free()).toBe(0)
  expect((await place()).body).toMatchObject({ error: { reason: 'not-reachable' } })

  // it is back, but the new list does not reach it: the old code would still open the box
  proxy.rule = message => (message.topic.endsWith('/grants') ? [] : [message])
  sim.restoreNetwork()
  await isOnline(true)
  expect(sim.state().grants).toBe(1)
  expect(await free()).toBe(0)
  expect(await place()).toMatchObject({ status: 409, body: { error: { reason: 'none-free' } } })

  proxy.rule = message => [message]
  sim.cutNetwork()
  sim.restoreNetwork()
  await listIsKnown(site, id)
  expect(sim.state().grants).toBe(0)
  expect(await free()).toBe(1)
  expect(await place()).toMatchObject({ status: 201, body: { door: 1, state: 'placing' } })
})
