import type { Broker } from '../../broker/options.ts'
import { encode } from '../../schema/wire/codec.ts'
import type { Config, Grants, ListedGrant, Order } from '../../schema/wire/down.ts'
import { limits } from '../../schema/wire/limits.ts'
import { type Context, type DeviceWork, type OrderToSend, write } from '../context.ts'
import { totpOf } from '../domain/grants.ts'
import { grantsList } from '../domain/grants-list.ts'
import { configuration, type ForConfig } from '../store/controllers.ts'
import { listedGrants } from '../store/grants.ts'
import { appendHistory } from '../store/history.ts'
import { lockControllers } from '../store/hold.ts'
import { markNotReachable, markSent } from '../store/orders.ts'

export type Outbox = {
  work(work: DeviceWork): void
  sendGrants(controllerId: string): Promise<void>
  sendConfig(controllerId: string): Promise<void>
  sendOrder(order: OrderToSend): Promise<void>
  idle(): Promise<void>
}
type Sender = Pick<Broker, 'send' | 'disconnect'>

/** What goes down to devices, each after the commit that made it so. */
export function makeOutbox(ctx: Context, broker: () => Sender): Outbox {
  const running = new Set<Promise<void>>()
  const run = (what: string, job: Promise<void>) => {
    const done = job
      .catch(error => ctx.log.error({ problem: (error as Error).message }, `could not send ${what}`))
      .finally(() => running.delete(done))
    running.add(done)
  }

  async function sendGrants(controllerId: string): Promise<void> {
    const rows = await listedGrants(ctx.sql, controllerId, limits.endedGrantsListedMs)
    if (rows.length === 0) return
    const { version } = rows[0]!
    const grants = rows.filter(row => row.id !== null)
    const full = await Promise.all(grants.map(async grant => ({ ...grant, totp: await totpOf(ctx, grant) })))
    for (const page of pagesOf(grantsList(full, version), version))
      if (!(await broker().send(controllerId, 'grants', encode(page)))) return
  }

  async function sendConfig(controllerId: string): Promise<void> {
    const row = await configuration(ctx.sql, controllerId)
    if (row) await broker().send(controllerId, 'config', encode(configOf(row)))
  }

  async function sendOrder(row: OrderToSend): Promise<void> {
    const sent = await broker().send(row.controllerId, 'order', encode(orderMessage(row)))
    if (sent) return noteSent(row)
    await write(ctx, async (tx, after) => {
      await lockControllers(tx, [row.controllerId])
      if (!(await markNotReachable(tx, row.id))) return
      const at = ctx.now()
      const { siteId, controllerId, doorId, grantId, id: orderId } = row
      const about = { at, receivedAt: at, controllerId, doorId, grantId, orderId }
      await appendHistory(tx, siteId, [{ type: 'order-not-sent', ...about }])
      after.changes({ siteId, doors: [doorId], orders: [orderId] })
    })
  }

  let unmarked: OrderToSend[] = []
  let marking: Promise<void> | null = null

  /** Many at once in one statement, without the controllers' rows: neither this nor the next code waits for the other. */
  function noteSent(order: OrderToSend): Promise<void> {
    unmarked.push(order)
    marking ??= new Promise(setImmediate).then(async () => {
      const orders = unmarked
      unmarked = []
      marking = null
      const moved = await markSent(
        ctx.sql,
        orders.map(each => each.id),
      )
      for (const { id, siteId, doorId } of moved) ctx.announce({ siteId, doors: [doorId], orders: [id] })
    })
    return marking
  }

  return {
    sendGrants,
    sendConfig,
    sendOrder,
    work(work) {
      if ('order' in work) run('an order', sendOrder(work.order))
      else if ('grants' in work) run('grants', sendGrants(work.grants))
      else if ('config' in work) run('a config', sendConfig(work.config))
      else broker().disconnect(work.disconnect)
    },
    async idle() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

export function orderMessage(row: OrderToSend): Order {
  const common = {
    order: row.id,
    door: row.door,
    grant: row.grantId,
    boot: row.boot,
    notAfterUp: row.notAfterUp,
    ...(row.ask ? { ask: row.ask } : {}),
  }
  return row.type === 'mode'
    ? { ...common, type: 'mode', mode: row.mode ?? 'normal', forMs: row.forMs ?? 0 }
    : { ...common, type: 'open' }
}

const pageBytes = limits.packetBytes - 320

/** The whole list in pages of at most one packet; an empty list is one empty page. */
export function pagesOf(grants: ListedGrant[], version: number): Grants[] {
  const pages: ListedGrant[][] = [[]]
  let bytes = 0
  for (const grant of grants) {
    const size = JSON.stringify(grant).length + 1
    if (bytes + size > pageBytes && pages.at(-1)!.length > 0) {
      pages.push([])
      bytes = 0
    }
    pages.at(-1)!.push(grant)
    bytes += size
  }
  return pages.map((page, at) => ({ version, page: at + 1, pages: pages.length, grants: page }))
}

const configOf = (row: ForConfig): Config => ({
  ...row,
  unlockMs: 3000,
  heldOpenMs: 300_000,
  wrongTries: 5,
  lockoutMs: 300_000,
  lockoutFactor: 2,
  lockoutMaxMs: 900_000,
})
