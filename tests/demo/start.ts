import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freshDashboard } from '../../dashboard/fresh.ts'
import { type SimController, startController } from '../../firmware-sim/controller.ts'
import { startPage } from '../../firmware-sim/page.ts'
import type { DoorSetup } from '../../firmware-sim/setup.ts'
import { connect, type Sql } from '../../server/postgres/connect.ts'
import { readAndProbe } from '../../server/probe.ts'
import { startServer } from '../../server/server.ts'
import { type Outbox, startOutbox } from './outbox.ts'
import { bankDoors, bankId, type DemoSite, landlord, makeSite, roomDoors, roomId } from './site.ts'

export type Demo = {
  url: string
  mqttUrl: string
  /** keypads and doors to press and pull; not with --once */
  pageUrl: string | null
  /** what was sent to people; null when the environment says where it really goes */
  outbox: Outbox | null
  sql: Sql
  site: DemoSite
  bank: SimController
  room: SimController
  close(): Promise<void>
}

/** Server, database, broker, a site and its devices. What was started is stopped again when a later part fails. */
export async function startDemo(once: boolean, env: NodeJS.ProcessEnv, stopping: AbortSignal): Promise<Demo> {
  const stops: (() => unknown)[] = []
  const close = onlyOnce(async () => {
    for (const stop of stops.reverse()) await stop()
  })
  try {
    const withoutPages = once ? undefined : await freshDashboard()
    if (withoutPages) throw new Error(withoutPages)
    stopping.throwIfAborted()
    const dataDir = once ? temporaryFolder(stops) : lastingFolder(env)
    const config = await configFor(dataDir, once, env)
    stopping.throwIfAborted()
    const outbox = config.smtp || config.smsWebhook ? null : await startOutbox()
    if (outbox) stops.push(() => outbox.close())
    const server = await startServer(config, outbox ? { deliver: outbox.deliver } : {})
    stops.push(() => server.close())
    stopping.throwIfAborted()

    const sql = connect(server.databaseUrl, { max: 2 })
    stops.push(() => sql.end({ timeout: 1 }))

    const site = await siteOf(server.url, dataDir)
    const device = async (id: string, doors: DoorSetup[]) => {
      const { password, codeKey } = site.devices.find(each => each.id === id)!
      const keeps = join(dataDir, 'devices', id)
      mkdirSync(keeps, { recursive: true })
      const sim = await startController({ id, password, codeKey, doors, mqttUrl: server.mqttUrl, dataDir: keeps })
      stops.push(() => sim.stop())
      return sim
    }
    const bank = await device(bankId, bankDoors)
    const room = await device(roomId, roomDoors)
    const page = once ? null : await startPage({ controllers: [bank, room], host: '127.0.0.1', port: 0 })
    if (page) stops.push(() => page.close())
    const { url, mqttUrl } = server
    return { url, mqttUrl, pageUrl: page?.url ?? null, outbox, sql, site, bank, room, close }
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
}

function temporaryFolder(stops: (() => unknown)[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'doors-demo-'))
  chmodSync(folder, 0o755) // when we are root, PostgreSQL runs as somebody else, who must be able to enter
  stops.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function lastingFolder(env: NodeJS.ProcessEnv): string {
  const folder = resolve(env.DATA_DIR ?? 'data', 'demo')
  mkdirSync(folder, { recursive: true })
  return folder
}

async function configFor(dataDir: string, once: boolean, env: NodeJS.ProcessEnv) {
  const port = async (name: string, usual: number) => {
    if (env[name] !== undefined || once) return env[name] ?? '0'
    if (!(await isTaken(usual))) return String(usual)
    console.log(`port ${usual} is taken, so a free one is used (${name} sets another)`)
    return '0'
  }
  const given = {
    LOG_LEVEL: 'warn',
    ...env,
    DATA_DIR: dataDir,
    HTTP_PORT: await port('HTTP_PORT', 8080),
    MQTT_PORT: await port('MQTT_PORT', 1883),
    ADMIN_EMAIL: landlord.email,
    ADMIN_PASSWORD: landlord.password,
  }
  const read = await readAndProbe(given)
  if ('problems' in read)
    throw Object.assign(new Error(read.problems.map(each => `\n  - ${each}`).join('')), { exitCode: 2 })
  return read.config
}

const isTaken = (port: number): Promise<boolean> =>
  new Promise(answer => {
    const probe = createServer()
    probe.once('error', () => answer(true))
    probe.listen(port, '127.0.0.1', () => probe.close(() => answer(false)))
  })

/** Made once: the devices' passwords are shown at enrolment only, so they are kept beside the demo's database. */
async function siteOf(baseUrl: string, dataDir: string): Promise<DemoSite> {
  const path = join(dataDir, 'demo-site.json')
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as DemoSite
  const site = await makeSite(baseUrl)
  writeFileSync(path, JSON.stringify(site, null, 2), { mode: 0o600 })
  return site
}

function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}
