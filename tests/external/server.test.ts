import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeSite } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { connectDevice, newDevice, sendEvents } from '../support/raw-device.ts'
import { startSimProcess } from '../support/sim-process.ts'
import { brokers, freePort, type OtherBroker, openPlain, serverUrl } from './brokers.ts'
import { enrol, readiness, startWith, untilReady, type World } from './site.ts'

vi.setConfig({ testTimeout: 120_000 })
const within = { withinMs: 40_000 }
let world: World | undefined
let broker: OtherBroker | undefined
beforeEach(() => {
  world = undefined
  broker = undefined
})
afterEach(async () => {
  await world?.close()
  await broker?.stop()
})

test('without its broker the server starts, says why it is not ready, and refuses what needs a device', async () => {
  const port = await freePort()
  world = await startWith(serverUrl(port))
  const { url } = world
  await eventually(async () => (await readiness(url)).reason?.startsWith('nothing listens'), within)
  expect(await readiness(url)).toMatchObject({ status: 503, ready: false })
  expect((await fetch(`${url}/health`)).status).toBe(200)
  const site = await makeSite(url, { controllerId: 'bank-1', doors: 1 })
  const wish = { controllerId: 'bank-1', residentId: site.resident.id, size: 'S' }
  expect(await site.courier('POST', '/api/parcels', wish)).toMatchObject({ status: 409 })

  broker = await openPlain({ wanted: port })
  await untilReady(url, within.withinMs)
  const { password, codeKey } = site
  const device = { id: 'bank-1', password, codeKey, doors: 1 }
  const folder = join(world.dataDir, 'sim')
  const sim = await startSimProcess({ mqttUrl: `mqtt://127.0.0.1:${port}`, folder, device })
  const online = await world.sql`select online from controllers`
  expect(online).toMatchObject([{ online: true }])
  expect((await site.courier('POST', '/api/parcels', wish)).status).toBe(201)
  await sim.kill()
})

describe.each(brokers)('%s', (_name, open) => {
  test('a wrong password is named at /ready, without the password', async () => {
    broker = await open()
    world = await startWith(serverUrl(broker.port, 'not-this-word'))
    const { url } = world
    const said = await eventually(async () => {
      const { reason } = await readiness(url)
      return reason?.includes('refuses user name or password') ? reason : undefined
    }, within)
    expect(said).not.toContain('not-this-word')
  })

  test('a missing permission is named at /ready, and it is ready again once it is given', async () => {
    broker = await open()
    await broker.permit(false)
    world = await startWith(broker.url)
    const { url } = world
    await eventually(async () => (await readiness(url)).reason?.includes('must be permitted to read'), within)
    await broker.permit(true)
    await untilReady(url, within.withinMs)
  })
})

test('a slow database: PUBACKs go on, the link stays, and then all is recorded once and in order', async () => {
  broker = await openPlain()
  world = await startWith(broker.url)
  const { url, sql } = world
  await untilReady(url)
  const site = await makeSite(url, { controllerId: 'bank-1', doors: 1 })
  const at = { port: broker.port, password: site.password, doors: 1 }
  const device = await connectDevice(newDevice('bank-1'), at)
  await eventually(async () => (await sql`select 1 from controllers where online`).length === 1, within)
  const begun = Date.now()
  const event = (seq: number) => ({
    seq,
    at: begun + seq,
    clock: 'synced',
    type: 'power',
    source: 'battery',
    level: seq,
  })
  await sql.begin(async tx => {
    await tx`select 1 from controllers where id = 'bank-1' for update`
    for (let seq = 1; seq <= 60; seq++) await sendEvents(device, [event(seq)])
    expect(await readiness(url)).toMatchObject({ status: 200, ready: true })
  })
  // what was over the bound is sent again, as the contract says
  const recorded = async () => (await sql`select seq from history where type = 'power' order by n`).map(row => row.seq)
  await eventually(async () => (await recorded()).length >= 20, within)
  expect((await recorded()).length).toBeLessThan(60)
  for (let seq = 1; seq <= 60; seq++) await sendEvents(device, [event(seq)])
  await eventually(async () => {
    const seqs = await recorded()
    if (seqs.length === 60) return true
    await sendEvents(device, [event(seqs.length + 1)])
    return false
  }, within)
  expect(await recorded()).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
  expect(await sql`select 1 from history where suspect is not null`).toEqual([])
  device.link.destroy()
})

test('a retired controller is no longer heard, though its account is still there', async () => {
  broker = await openPlain()
  world = await startWith(broker.url)
  const { url, sql } = world
  await untilReady(url)
  const site = await makeSite(url, { controllerId: 'bank-1', doors: 1 })
  const other = await enrol(site.landlord, site.siteId, 'bank-2')
  const device = await connectDevice(newDevice('bank-1'), { port: broker.port, password: site.password, doors: 1 })
  const online = async () => (await sql`select id from controllers where online order by id`).map(row => row.id)
  await eventually(async () => (await online()).includes('bank-1'), within)
  const retired = await site.landlord('POST', '/api/controllers/bank-1/retire', { reason: 'sold' })
  expect(retired.status).toBeLessThan(300)
  await device.link.publish('v1/bank-1/up/status', '{"state":"nonsense"}')
  await connectDevice(newDevice('bank-2'), { port: broker.port, password: other.password, doors: 2 })
  await eventually(async () => (await online()).includes('bank-2'), within)
  expect(await online()).toEqual(['bank-2'])
  expect(await sql`select 1 from history where type = 'malformed'`).toEqual([])
})

test('npm run demo -- --once plays its story over it', async () => {
  broker = await openPlain()
  const { DATABASE_URL: _, ...env } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/demo/main.ts', '--once'], {
    env: { ...env, MQTT_URL: broker.url, HTTP_PORT: '0' },
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', bytes => (text += bytes))
  const code = await new Promise(done => child.once('close', done))
  expect(code, text).toBe(0)
  expect(text).toContain(`devices: mqtt://127.0.0.1:${broker.port}`)
})
