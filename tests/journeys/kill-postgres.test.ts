import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IPublishPacket } from 'mqtt-packet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSite } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'
import { connectDevice, isOn, newDevice, type RawDevice, sendEvents } from '../support/raw-device.ts'

let server: ServerProcess
let dataDir: string
const id = 'pg-bank'

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'doors-pg-'))
  // the account that runs postgres must reach it, or its files go elsewhere
  chmodSync(dataDir, 0o755)
  server = await startProcess({ dataDir })
})
afterAll(async () => {
  await server?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

/** The first postgres below the server's process: wherever its data had to go, it is found. */
function postmasterPid(): number {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' }).trim().split('\n')
  const processes = rows
    .map(row => row.trim().split(/\s+/))
    .map(([pid, ppid, comm]) => ({ pid: Number(pid), ppid: Number(ppid), comm }))
  let level = [server.child.pid]
  while (level.length > 0) {
    const below = processes.filter(each => level.includes(each.ppid))
    const found = below.find(each => each.comm?.includes('postgres'))
    if (found) return found.pid
    level = below.map(each => each.pid)
  }
  throw new Error('no postgres below the server')
}

/** As the contract says, only sooner than after 10 s: the same message again until it is acked. */
async function untilAcked(device: RawDevice, event: { seq: number }): Promise<void> {
  const acked = isOn(`v1/${id}/down/ack`, message => message.seq >= event.seq)
  await eventually(
    async () => {
      void sendEvents(device, [event]).catch(() => {})
      return device.link.next<IPublishPacket>(acked, 1_000)
    },
    { withinMs: 30_000 },
  )
}

test('postgres killed under a live server: it comes back, and every event is there once and in order', async () => {
  const site = await makeSite(server.url, { controllerId: id, doors: 1 })
  const device = await connectDevice(newDevice(id), { port: server.mqttPort, password: site.password, doors: 1 })
  const before = postmasterPid()
  for (let seq = 1; seq <= 20; seq++) {
    if (seq === 5) process.kill(before, 'SIGKILL')
    await untilAcked(device, { seq, at: Date.now(), clock: 'synced', type: 'power', source: 'battery', level: seq } as {
      seq: number
    })
  }
  expect(postmasterPid()).not.toBe(before)
  const page = await site.landlord('GET', `/api/history?siteId=${site.siteId}&type=power`)
  expect(page.status).toBe(200)
  const items = page.body.items as unknown as { facts: { level: number }; suspect: string | null }[]
  const levels = items.map(item => item.facts.level)
  if (levels[0] === 20) levels.reverse()
  expect(levels).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  expect(items.filter(item => item.suspect !== null)).toEqual([])
  device.link.destroy()
})
