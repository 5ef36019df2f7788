import type { DoorSetup } from '../../firmware-sim/setup.ts'
import type { Context, DeviceWork } from '../../server/context.ts'
import { startInbox } from '../../server/devices/inbox.ts'
import { makeOutbox } from '../../server/devices/outbox.ts'
import { createCarrier } from '../../server/domain/carriers.ts'
import { enrolController, type NewDoor } from '../../server/domain/controllers.ts'
import { createResident } from '../../server/domain/residents.ts'
import { createSite } from '../../server/domain/sites.ts'
import { startJobs } from '../../server/jobs.ts'
import { openKeys } from '../../server/keys.ts'
import type { Sql } from '../../server/postgres/connect.ts'
import { Refusal } from '../../server/refusal.ts'
import { makeDevice, t0 } from '../sim/device.ts'
import { backUp, putBack } from './database.ts'

const both = { doorSensor: true, occupancySensor: true }
const doors: (NewDoor & DoorSetup)[] = [
  { door: 1, kind: 'compartment', size: 'S', ...both },
  { door: 2, kind: 'compartment', size: 'M', ...both, springs: false },
  { door: 3, kind: 'compartment', size: 'M', doorSensor: true, occupancySensor: false },
  { door: 4, kind: 'compartment', size: 'L', doorSensor: false, occupancySensor: false },
]

/** two of them share a flat, and so a box */
const people = [
  ['Ana', 'A1'],
  ['Ben', 'B2'],
  ['Cem', 'C3'],
  ['Dia', 'A1'],
] as const

/** A code as its holder was told it: a database put back does not take that from them. */
export type Told = { grant: string; code: string; door: number; parcel: string; firstAt: number | null }
type Counted = 'loseUp' | 'loseDown' | 'doubleUp' | 'doubleDown' | 'loseEvents'
export type Faults = Record<Counted, number> & { lateWill: boolean }

/** What every life begins with: one site with one bank, three households and a carrier, made once and put back before each. */
export async function buildHouse(sql: Sql) {
  await sql`update fake.clock set at = ${new Date(t0)}`
  const keys = await openKeys(sql, Buffer.alloc(32, 7))
  const ctx: Context = {
    ...{ sql, keys, now: () => new Date(t0), announce() {}, toDevice() {} },
    log: { info() {}, warn() {}, error() {} },
  }
  const { id: siteId } = await createSite(ctx, { name: 'Amiens' })
  const controllerId = 'bank-1'
  const { codeKey } = await enrolController(ctx, { id: controllerId, siteId, name: 'Bank', doors })
  const residents: string[] = []
  for (const [name, flat] of people) residents.push((await createResident(ctx, { siteId, name, flat, pin: '1234' })).id)
  const { id: carrierId } = await createCarrier(ctx, { siteId, name: 'Poste', code: 'poste-2026' })
  const rows = await sql<{ id: string; door: number }[]>`select id, door from doors`
  const doorIds = new Map(rows.map(each => [each.door, each.id]))
  await backUp(sql, 'fresh')
  return { sql, keys, siteId, controllerId, carrierId, codeKey, residents, doorIds }
}
type House = Awaited<ReturnType<typeof buildHouse>>

const longMs = 3600_000

/**
 * The real domain over a real database, the real device without a socket, and a clock that moves only when told. What
 * lies in a box is known here as nobody else knows it.
 */
export async function openWorld({ sql, keys, siteId, controllerId, carrierId, codeKey, residents, doorIds }: House) {
  const down: { kind: string; message: object }[] = []
  const faults: Faults = { loseUp: 0, loseDown: 0, doubleUp: 0, doubleDown: 0, loseEvents: 0, lateWill: false }
  let connected = false
  const device = makeDevice({ id: controllerId, codeKey, doors })
  const send = async (_id: string, kind: string, payload: Buffer) => {
    if (!connected) return false
    down.push({ kind, message: JSON.parse(payload.toString()) })
    return true
  }
  const problems: string[] = []
  const problem = (o: object, m: string) => void problems.push(`${m}: ${JSON.stringify(o)}`)
  const ctx: Context = {
    ...{ sql, keys, now: () => new Date(device.now), announce() {} },
    log: { info() {}, warn() {}, error: problem },
    toDevice: (work: DeviceWork) => outbox.work(work),
  }
  const outbox = makeOutbox(ctx, () => ({ send: send as never, disconnect() {} }))
  const inbox = startInbox(ctx, send as never)
  await putBack(sql, 'fresh')
  await setClock()
  const jobs = startJobs(ctx, outbox, 2 ** 30)

  async function setClock() {
    await sql`update fake.clock set at = ${new Date(device.now)}`
  }
  let heard = 0
  /** Carries messages both ways until nobody has anything to say. */
  async function settle(): Promise<void> {
    for (;;) {
      await outbox.idle()
      noticeDeath()
      const toDevice = down.splice(0)
      for (const { kind, message } of toDevice) {
        if (!connected || lost('loseDown')) continue
        device.hear(kind as never, message)
        if (lost('doubleDown')) device.hear(kind as never, message)
      }
      const up = device.published.slice(heard)
      heard = device.published.length
      if (toDevice.length === 0 && up.length === 0) return
      for (const { kind, message } of up) {
        if (!connected || lost('loseUp') || (kind === 'events' && lost('loseEvents'))) continue
        await tell(kind, message)
        if (lost('doubleUp')) await tell(kind, message)
      }
    }
  }
  const lost = (fault: Counted) => faults[fault] > 0 && faults[fault]-- > 0
  const tell = (kind: string, message: object, will = false) =>
    inbox.receive({ controllerId, kind: kind as never, payload: Buffer.from(JSON.stringify(message)), will })

  let will: object | null = null
  function noticeDeath() {
    if (connected && !device.state.on) lose()
  }
  function lose() {
    connected = false
    down.length = 0
    heard = device.published.length
  }

  const world = {
    ...{ ctx, sql, device, siteId, controllerId, carrierId, residents, doorIds, faults, problems, doors },
    /** what really lies in each box, by parcel */
    inside: new Map<number, Set<string>>(doors.map(each => [each.door, new Set()])),
    parcels: [] as string[],
    steps: 0,
    codes: [] as Told[],
    /** when what happens by itself was last seen to */
    jobsAt: 0,
    get online() {
      return connected && device.state.uplink.phase === 'up'
    },
    settle,
    /** time passes; people are slower than a bolt */
    async pass(ms: number) {
      // beats every minute of six days would be all that a test does
      if (ms < longMs) device.pass(ms)
      else device.now += ms
      device.does({ type: 'tick' })
      await setClock()
      await settle()
      if (ms >= 1_000) {
        await jobs.runOnce()
        world.jobsAt = device.now
        await settle()
      }
    },
    /** undefined: the rules said no */
    async tries<T>(work: Promise<T>, refused?: (reason: string) => unknown): Promise<T | undefined> {
      try {
        return await work
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        refused?.(error.reason)
        return undefined
      } finally {
        await settle()
      }
    },
    async connect() {
      if (!device.state.on || connected) return
      connected = true
      device.connect()
      // the broker may publish the old will after the new connection
      if (will) await tell('status', will, true)
      will = null
      await settle()
    },
    async disconnect() {
      if (!connected) return
      const { link } = device.state.uplink
      will = { state: 'offline', link, boot: device.state.boot }
      lose()
      device.disconnect()
      if (faults.lateWill) return
      await tell('status', will, true)
      will = null
    },
    async powerOn() {
      if (device.state.on) return
      lose()
      device.boot()
      await world.connect()
    },
    close: () => jobs.close(),
  }
  device.boot()
  await world.connect()
  return world
}
export type World = Awaited<ReturnType<typeof openWorld>>
