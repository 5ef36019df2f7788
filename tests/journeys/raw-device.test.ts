import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IPublishPacket } from 'mqtt-packet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSite } from '../support/api.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'
import {
  checkByHand,
  connectDevice,
  isOn,
  type Message,
  newDevice,
  type RawDevice,
  readJson,
  report,
  upOf,
} from '../support/raw-device.ts'

let database: FreshDatabase
let server: ServerProcess
let site: Awaited<ReturnType<typeof makeSite>>
let device: RawDevice
let code = ''
const dataDir = mkdtempSync(join(tmpdir(), 'doors-raw-'))
const id = 'raw-bank'

beforeAll(async () => {
  database = await freshDatabase()
  server = await startProcess({ databaseUrl: database.url, dataDir })
  site = await makeSite(server.url, { controllerId: id, doors: 2 })
  device = await connectDevice(newDevice(id), { port: server.mqttPort, password: site.password, doors: 2 })
})
afterAll(async () => {
  device?.link.destroy()
  await server?.stop()
  await database?.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

const heard = async (kind: string, fits?: (message: Message) => boolean) =>
  readJson(await device.link.next<IPublishPacket>(isOn(`v1/${id}/down/${kind}`, fits)))

test('a device written from the contract alone takes a parcel, opens for its code and is believed [STATUS-14, GRANTS-9]', async () => {
  const welcome = await heard('welcome')
  expect(welcome).toMatchObject({ journal: device.journal, seq: 0 })

  const placing = await site.courier('POST', '/api/parcels', {
    controllerId: id,
    residentId: site.resident.id,
    size: 'S',
  })
  expect(placing).toMatchObject({ status: 201, body: { state: 'placing' } })
  const door = placing.body.door as unknown as number
  const order = await heard('order')
  expect(order).toMatchObject({ type: 'open', door, boot: device.boot, order: placing.body.orderId })
  expect(order.notAfterUp).toBeGreaterThan(upOf(device))
  expect(order.notAfterUp).toBeLessThanOrEqual(upOf(device) + 10_000)

  const cause = { grant: order.grant, order: order.order }
  await report(device, { type: 'accepted', door, cause }, { type: 'unlocked', door, cause }, { type: 'opened', door })
  await report(device, { type: 'closed', door }, { type: 'occupied', door })
  expect((await site.courier('POST', `/api/parcels/${placing.body.id}/placed`)).status).toBe(200)

  const mine = await site.asResident('GET', '/api/me/parcels')
  code = (mine.body.items as unknown as { code: string }[])[0]!.code.replaceAll(' ', '')
  expect(code).toMatch(/^\d{8}$/)
  const list = await heard('grants', message => message.grants.length > 0)
  const grant = list.grants.find((each: { check: string }) => each.check === checkByHand(site.codeKey, code))
  expect(grant).toMatchObject({ door, uses: 1 })
  await report(device, { type: 'grants-applied', version: list.version })

  const pickup = { grant: grant.grant }
  await report(
    device,
    { type: 'accepted', door, cause: pickup },
    { type: 'unlocked', door, cause: pickup },
    { type: 'opened', door },
  )
  await report(device, { type: 'closed', door }, { type: 'vacant', door })
  const [parcel] =
    await database.sql`select p.state, d.offer from parcels p join doors d on d.id = p.door_id where p.id = ${String(placing.body.id)}`
  expect(parcel).toEqual({ state: 'collected', offer: 'free' })
})

test('an order it refuses as late is recorded with its reason', async () => {
  const placing = await site.courier('POST', '/api/parcels', {
    controllerId: id,
    residentId: site.resident.id,
    size: 'S',
  })
  const order = await heard('order', message => message.order === placing.body.orderId)
  await report(device, { type: 'order-refused', order: order.order, reason: 'late' })
  const [row] = await database.sql`select state, refused_reason from orders where id = ${order.order}`
  expect(row).toEqual({ state: 'refused', refusedReason: 'late' })
})

test('the same events again are acked again and change nothing [EVENTS-11]', async () => {
  const count = async () => (await database.sql`select count(*)::int as n from history`)[0]!.n
  const before = await count()
  device.seq -= 1
  const [last] = await database.sql`select type from history where seq = ${device.seq + 1} and controller_id = ${id}`
  expect(last).toBeDefined()
  const [order] =
    await database.sql`select order_id, at from history where seq = ${device.seq + 1} and controller_id = ${id}`
  await report(device, { type: 'order-refused', order: order!.orderId, reason: 'late', at: order!.at.getTime() })
  expect(await count()).toBe(before)
})

test('a dump of the whole database holds no code, no PIN and no usable secret [CODE-12, GRANTS-11]', async () => {
  const tables = await database.sql<
    { name: string }[]
  >`select table_name as name from information_schema.tables where table_schema = 'public'`
  let dump = ''
  for (const { name } of tables) {
    const rows = await database.sql`select to_jsonb(t)::text as row from ${database.sql(name)} t`
    dump += rows.map(each => each.row).join('\n')
  }
  expect(dump).toContain(device.journal)
  const secrets = [code, site.password, site.codeKey, site.resident.pin!, 'RAPIDE-2026']
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(3)
    for (const form of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')])
      expect(dump.includes(form)).toBe(false)
  }
})

test('on the server path the code reopens its own door until any other unlock of it; then it is used, and another is unknown', async () => {
  let asks = 0
  const ask = async (typed: string) => {
    const message = { ask: `ask-${++asks}`, boot: device.boot, up: upOf(device), keypad: 1, code: typed }
    await device.link.publish(`v1/${id}/up/code`, message)
    return heard('order', answer => answer.ask === message.ask)
  }
  const [pickup] = await database.sql`
    select p.door_id, d.door, p.pickup_grant_id from parcels p join doors d on d.id = p.door_id where p.state = 'collected'`
  const { doorId, door, pickupGrantId } = pickup!
  const reopening = await ask(code)
  expect(reopening).toMatchObject({ type: 'open', door, grant: pickupGrantId })
  await report(device, { type: 'order-refused', order: reopening.order, reason: 'busy' })

  const opening = await site.landlord('POST', `/api/doors/${doorId}/open`, { reason: 'inspection' })
  expect(opening.status).toBe(202)
  const order = await heard('order', message => message.order === opening.body.orderId)
  const cause = { grant: order.grant, order: order.order }
  await report(device, { type: 'accepted', door, cause }, { type: 'unlocked', door, cause })
  expect(await ask(code)).toMatchObject({ type: 'refuse', reason: 'used', usedAt: expect.any(Number) })
  expect(await ask(code === '12345678' ? '12345679' : '12345678')).toMatchObject({ type: 'refuse', reason: 'unknown' })
})
