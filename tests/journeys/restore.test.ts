import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connect } from '../../server/postgres/connect.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { makeSite } from '../support/api.ts'
import { databaseUrl, freshDatabase } from '../support/postgres.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'
import {
  connectDevice,
  isOn,
  type Message,
  newDevice,
  type RawDevice,
  readJson,
  sendEvents,
  upOf,
} from '../support/raw-device.ts'

const id = 'restored-bank'
const dataDir = mkdtempSync(join(tmpdir(), 'doors-restore-'))
let live: Awaited<ReturnType<typeof freshDatabase>>
let server: ServerProcess
let site: Awaited<ReturnType<typeof makeSite>>
let device: RawDevice
/** all it ever made: what a device holds in flash */
const journal: { seq: number; type: string; [member: string]: unknown }[] = []
/** the backup that is restored later */
const copyName = `restored_${Date.now()}`
const copyUrl = () => databaseUrl(inject('clusterUrl'), copyName)

beforeAll(async () => {
  live = await freshDatabase()
  server = await startProcess({ databaseUrl: live.url, dataDir })
  site = await makeSite(server.url, { controllerId: id, doors: 3 })
})
afterAll(async () => {
  device?.link.destroy()
  await server?.stop()
  await live?.drop()
  await asAdmin(sql => sql`drop database if exists ${sql(copyName)} with (force)`)
  rmSync(dataDir, { recursive: true, force: true })
})

async function asAdmin(work: (sql: ReturnType<typeof connect>) => Promise<unknown>): Promise<void> {
  const sql = connect(inject('clusterUrl'), { max: 1 })
  await work(sql).finally(() => sql.end())
}

const heard = async (kind: string, fits?: (message: Message) => boolean): Promise<Message> =>
  readJson(await device.link.next(isOn(`v1/${id}/down/${kind}`, fits)))

async function happens(...events: { type: string; [member: string]: unknown }[]): Promise<void> {
  const numbered = events.map(event => ({ seq: ++device.seq, at: Date.now(), clock: 'synced', ...event }))
  journal.push(...numbered)
  await sendEvents(device, numbered)
  await heard('ack', ack => ack.seq === device.seq)
}

/** Connects to the server there is now, with the list it has in force. */
async function comesBack(grants: number): Promise<Message> {
  const held = device ?? newDevice(id)
  device?.link.destroy()
  device = await connectDevice(held, { port: server.mqttPort, password: site.password, doors: 3, grants })
  return heard('welcome')
}

async function inForce(): Promise<Message> {
  const list = await heard('grants', message => message.version > (device as { version?: number }).version!)
  Object.assign(device, { version: list.version })
  await happens({ type: 'grants-applied', version: list.version })
  return list
}

type Parcel = { id: string; door: number; doorId: string; code: string }
async function deposit(): Promise<Parcel> {
  const body = { controllerId: id, residentId: site.resident.id, size: 'S' }
  const placing = await site.courier('POST', '/api/parcels', body)
  expect(placing.status).toBe(201)
  const { door, doorId } = placing.body as unknown as Parcel
  const order = await heard('order', message => message.order === placing.body.orderId)
  const cause = { grant: order.grant, order: order.order }
  await happens({ type: 'unlocked', door, cause }, { type: 'opened', door }, { type: 'closed', door })
  await happens({ type: 'occupied', door })
  expect((await site.courier('POST', `/api/parcels/${placing.body.id}/placed`)).status).toBe(200)
  const { body: told } = await site.landlord('POST', `/api/parcels/${placing.body.id}/code`, { reason: 'test' })
  return { id: String(placing.body.id), door, doorId, code: String(told.code) }
}

let asks = 0
async function typed(code: string): Promise<Message> {
  const ask = `ask-${++asks}`
  await device.link.publish(`v1/${id}/up/code`, { ask, boot: device.boot, up: upOf(device), keypad: 1, code })
  return heard('order', answer => answer.ask === ask)
}

/** The server is another process over another database, at another port: everything else is told anew. */
async function restart(url: string, meanwhile: () => Promise<unknown> = async () => {}): Promise<void> {
  await server.stop()
  await meanwhile()
  server = await startProcess({ databaseUrl: url, dataDir })
  const { asPerson, admin } = await import('../support/api.ts')
  const at = async (who: object) => {
    const { status, body } = await asPerson(server.url)('POST', '/api/sessions', who)
    expect(status).toBe(201)
    return asPerson(server.url, String(body.token))
  }
  site.landlord = await at(admin)
  site.courier = await at({ siteId: site.siteId, carrierCode: 'RAPIDE-2026' })
}

const controller = async () => (await site.landlord('GET', `/api/controllers/${id}`)).body as Record<string, unknown>
const parcelState = async (parcel: Parcel) => (await site.landlord('GET', `/api/parcels/${parcel.id}`)).body.state

test('an older database is restored: its grants are doubtful until the events since are in, and nothing opens twice [GRANTS-5 GRANTS-27]', async () => {
  await comesBack(0)
  Object.assign(device, { version: 0 })
  await happens({ type: 'started', reason: 'power' })
  const collected = await deposit()
  const first = await inForce()
  const takenBack = await deposit()
  await inForce()
  const recorded = device.seq

  // the backup, which needs a database nobody is connected to
  await live.sql.end()
  await restart(live.url, () =>
    asAdmin(sql => sql`create database ${sql(copyName)} template ${sql(new URL(live.url).pathname.slice(1))}`),
  )

  // and life goes on: one parcel is collected, one taken back, a third laid into the last box
  await comesBack((device as unknown as { version: number }).version)
  const { door } = collected
  const pickup = { grant: first.grants[0].grant as string }
  await happens({ type: 'unlocked', door, cause: pickup }, { type: 'opened', door }, { type: 'closed', door })
  await happens({ type: 'vacant', door })
  expect(await parcelState(collected)).toBe('collected')
  const looked = await site.landlord('POST', `/api/doors/${takenBack.doorId}/looked`, { found: 'empty' })
  expect(looked.status).toBe(200)
  await inForce()
  const since = await deposit()
  const newest = await inForce()

  // the backup is put in its place
  await restart(copyUrl())
  expect(await parcelState(collected)).toBe('waiting')
  const welcome = await comesBack(newest.version)
  expect(welcome.seq).toBe(recorded)
  expect(await controller()).toMatchObject({ online: true, doubtful: true })
  expect(await typed(collected.code)).toMatchObject({ type: 'refuse', reason: 'door-out-of-service' })
  const body = { controllerId: id, residentId: site.resident.id, size: 'S' }
  const refused = await site.courier('POST', '/api/parcels', body)
  expect(refused).toMatchObject({ status: 409, body: { error: { reason: 'doubtful' } } })
  const { body: room } = await site.courier('GET', `/api/availability?controllerId=${id}`)
  expect(room).toMatchObject({ sizes: [{ size: 'S', free: 0 }] })
  // a caretaker's order is a grant of its own, made now
  expect((await site.landlord('POST', `/api/doors/${since.doorId}/open`, { reason: 'look' })).status).toBe(202)
  const lists = () => device.link.messages.filter(each => each.topic.endsWith('/grants')).length
  expect(lists()).toBe(0)

  // the device sends what came after the number it was told
  const missing = journal.filter(event => event.seq > welcome.seq)
  const half = missing.length >> 1
  await sendEvents(device, missing.slice(0, half))
  await heard('ack', ack => ack.seq === welcome.seq + half)
  expect(await controller()).toMatchObject({ doubtful: true })
  expect(lists()).toBe(0)
  await sendEvents(device, missing.slice(half))
  await heard('ack', ack => ack.seq === device.seq)
  expect(await controller()).toMatchObject({ doubtful: false })

  const list = await heard('grants')
  expect(list.version).toBeGreaterThan(newest.version)
  expect(list.grants.find((each: Message) => each.grant === pickup.grant).usedAt).toEqual(expect.any(Number))
  await happens({ type: 'grants-applied', version: list.version })
  expect((await controller()).grantsVersion).toEqual({ made: list.version, known: list.version })
  expect(await parcelState(collected)).toBe('collected')
  await happens({ type: 'started', reason: 'watchdog' })
  expect(await typed(collected.code)).toMatchObject({ type: 'refuse', reason: 'used' })

  // of the parcel laid in since nothing is known but what the door told: its box is not given out
  const { body: wall } = await site.landlord('GET', `/api/doors?siteId=${site.siteId}`)
  const box = (wall.items as unknown as { id: string; offer: string }[]).find(each => each.id === since.doorId)
  expect(box!.offer).toBe('contested')
  const { body: page } = await site.landlord('GET', `/api/history?siteId=${site.siteId}&suspect=true`)
  const suspects = (page.items as unknown as { type: string; suspect: string }[]).map(each => each.suspect)
  expect(suspects).toContain('grant-unknown')
  const { body: told } = await site.landlord('GET', `/api/history?siteId=${site.siteId}&controllerId=${id}`)
  const types = (told.items as unknown as { type: string }[]).map(each => each.type)
  expect(types.indexOf('grants-certain')).toBeLessThan(types.indexOf('grants-doubtful'))
  const sql = connect(copyUrl(), { max: 1 })
  expect(await brokenAt(sql, site.siteId)).toBeNull()
  await sql.end()
}, 120_000) // four servers are started in it, each a process of its own
