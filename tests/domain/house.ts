import type { Context, DeviceWork } from '../../server/context.ts'
import { type Inbox, startInbox } from '../../server/devices/inbox.ts'
import { makeOutbox } from '../../server/devices/outbox.ts'
import { enrolController, type NewDoor } from '../../server/domain/controllers.ts'
import { createResident } from '../../server/domain/residents.ts'
import { createSite } from '../../server/domain/sites.ts'
import { openKeys } from '../../server/keys.ts'
import { connect } from '../../server/postgres/connect.ts'
import { freshDatabase } from '../support/postgres.ts'

export type Said = { kind: string; message: Record<string, unknown> }
export type House = {
  ctx: Context
  url: string
  inbox: Inbox
  outbox: ReturnType<typeof makeOutbox>
  siteId: string
  controllerId: string
  codeKey: string
  residentId: string
  said: Said[]
  say(kind: 'status' | 'events' | 'code', message: object): Promise<void>
  online(more?: object): Promise<void>
  /** numbered on from the last one, in journal `j1` */
  events(...events: object[]): Promise<void>
  doorId(door: number): Promise<string>
  close(): Promise<void>
}

export const compartments = (count: number): NewDoor[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ door: at + 1, kind: 'compartment', size: 'M', doorSensor: true, occupancySensor: true },
  }))

/** A site with one bank whose device is this test: what it hears is kept in `said`. */
export async function openHouse(doors: NewDoor[] = compartments(4)): Promise<House> {
  const database = await freshDatabase()
  const sql = connect(database.url, { max: 12 })
  const said: Said[] = []
  const send = async (_id: string, kind: string, payload: Buffer) => {
    said.push({ kind, message: JSON.parse(payload.toString()) })
    return true
  }
  const log = { info() {}, warn() {}, error: (o: object, m: string) => console.error(m, o) }
  const ctx: Context = {
    sql,
    now: () => new Date(),
    keys: await openKeys(sql, Buffer.alloc(32, 7)),
    log,
    announce() {},
    toDevice: (work: DeviceWork) => outbox.work(work),
  }
  const outbox = makeOutbox(ctx, () => ({ send, disconnect() {} }))
  const inbox = startInbox(ctx, send)
  const { id: siteId } = await createSite(ctx, { name: 'Amiens' })
  const { codeKey } = await enrolController(ctx, { id: 'bank-1', siteId, name: 'Bank', doors })
  const { id: residentId } = await createResident(ctx, { siteId, name: 'Ada', flat: 'A1' })
  let seq = 0
  const say: House['say'] = async (kind, message) => {
    const payload = Buffer.from(JSON.stringify(message))
    await inbox.receive({ controllerId: 'bank-1', kind, payload, will: false })
    await outbox.idle()
  }
  const status = {
    ...{ state: 'online', link: 'l1', boot: 'b1', up: 1000, journal: 'j1', first: 1, last: 0, firmware: '1' },
    ...{ protocol: 1, time: Date.now(), clock: 'synced', grants: 0, config: 1 },
  }
  return {
    ...{ ctx, url: database.url, inbox, outbox, siteId, controllerId: 'bank-1', codeKey, residentId, said, say },
    online: more => say('status', { ...status, ...more }),
    events(...events) {
      const stamped = events.map(event => ({ seq: ++seq, at: Date.now(), clock: 'synced', ...event }))
      return say('events', { journal: 'j1', live: true, events: stamped })
    },
    async doorId(door) {
      const [row] = await sql<{ id: string }[]>`select id from doors where door = ${door}`
      return row!.id
    },
    async close() {
      await inbox.close()
      await outbox.idle()
      await sql.end({ timeout: 1 })
      await database.drop()
    },
  }
}
