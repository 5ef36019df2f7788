import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { brokenAt } from '../../server/store/chain.ts'
import { makeSite } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { holdingProxy } from '../support/holding-proxy.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'
import { connectDevice, newDevice, type RawDevice, report, sendEvents } from '../support/raw-device.ts'

let database: FreshDatabase
let dataDir: string
let server: ServerProcess
const id = 'kill-bank'

beforeEach(async () => {
  database = await freshDatabase()
  dataDir = mkdtempSync(join(tmpdir(), 'doors-kill-'))
})
afterEach(async () => {
  server?.child.kill('SIGKILL')
  await database.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

const event = (device: RawDevice) => ({ seq: device.seq + 1, at: Date.now(), clock: 'synced', type: 'tampered' })
const recorded = (type: string) =>
  database.sql`select seq from history where controller_id = ${id} and type = ${type} order by n`

async function bankWithOneEvent(databaseUrl: string) {
  server = await startProcess({ databaseUrl, dataDir })
  const site = await makeSite(server.url, { controllerId: id, doors: 1 })
  const device = await connectDevice(newDevice(id), { port: server.mqttPort, password: site.password, doors: 1 })
  await report(device, { type: 'started', reason: 'power' })
  return { site, device }
}

/** After the kill: the device comes back with what was never acked, and sends it again. */
async function comeBack(device: RawDevice, site: { siteId: string; password: string }, sent: { seq: number }) {
  device.link.destroy()
  server = await startProcess({ databaseUrl: database.url, dataDir })
  device.seq = sent.seq
  const again = await connectDevice(device, { port: server.mqttPort, password: site.password, doors: 1 })
  device.seq = sent.seq - 1
  again.seq = sent.seq - 1
  await report(again, sent as never)
  await report(again, { type: 'power', source: 'mains' })
  expect(await recorded('tampered')).toEqual([{ seq: sent.seq }])
  expect(await recorded('power')).toEqual([{ seq: sent.seq + 1 }])
  expect(await brokenAt(database.sql, site.siteId)).toBeNull()
  again.link.destroy()
}

test('killed between receiving and committing: the event is not lost and counted once [EVENTS-12]', async () => {
  const { site, device } = await bankWithOneEvent(database.url)
  const sent = event(device)
  const release = () => {}
  const holding = database.sql.begin(async tx => {
    await tx`select id from controllers where id = ${id} for update`
    void sendEvents(device, [sent]).catch(() => {})
    await eventually(async () => {
      const [row] =
        await database.sql`select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      return row!.n > 0
    })
    await server.kill()
    release()
  })
  await holding
  expect(await recorded('tampered')).toEqual([])
  await comeBack(device, site, sent)
})

test('killed between committing and acking: the event is not applied twice [EVENTS-11]', async () => {
  const proxy = await holdingProxy(database.url)
  try {
    const { site, device } = await bankWithOneEvent(proxy.url)
    const sent = event(device)
    proxy.hold()
    void sendEvents(device, [sent]).catch(() => {})
    await eventually(proxy.isHeld)
    await eventually(async () => (await recorded('tampered')).length === 1)
    expect(
      device.link.messages.filter(m => m.topic.endsWith('/ack') && JSON.parse(m.payload.toString()).seq >= sent.seq),
    ).toEqual([])
    await server.kill()
    await comeBack(device, site, sent)
  } finally {
    proxy.close()
  }
})
