import type { Broker } from '../../broker/options.ts'
import { encode } from '../../schema/wire/codec.ts'
import type { Config, Grants, ListedGrant, Order } from '../../schema/wire/down.ts'
import { limits } from '../../schema/wire/limits.ts'
import { type Context, type DeviceWork, type OrderToSend, write } from '../context.ts'
import { totpOf } from '../domain/grants.ts'
import { type ForList, grantsList } from '../domain/grants-list.ts'
import { lockControllers } from '../store/held.ts'
import { appendHistory } from '../store/history.ts'
import type { ControllerRow } from '../store/rows.ts'

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
    const [row] = await ctx.sql<ControllerRow[]>`select * from controllers where id = ${controllerId}`
    // in doubt the list it has is newer than ours: see settleDoubt
    if (!row?.online || row.grantsKnown === -1 || row.grantsMade === 0 || row.doubtfulUntil !== null) return
    const rows = await ctx.sql<ForList[]>`
      select g.*, d.door from grants g join doors d on d.id = g.door_id
      where g.controller_id = ${controllerId} and g.means <> 'order'
        and (g.revoked_at is null or g.revoked_version > ${row.grantsMade})
        and g.until > ${new Date(row.grantsMade - limits.endedGrantsListedMs)}
      order by g.id`
    const full = await Promise.all(rows.map(async grant => ({ ...grant, totp: await totpOf(ctx, grant) })))
    for (const page of pagesOf(grantsList(full, row.grantsMade), row.grantsMade))
      if (!(await broker().send(controllerId, 'grants', encode(page)))) return
  }

  async function sendConfig(controllerId: string): Promise<void> {
    const [row] = await ctx.sql<{ version: number; language: string; timeZone: string; siteName: string }[]>`
      select c.config_made as version, s.language, s.time_zone, s.name as site_name
      from controllers c join sites s on s.id = c.site_id where c.id = ${controllerId}`
    if (row) await broker().send(controllerId, 'config', encode(configOf(row)))
  }

  async function sendOrder(row: OrderToSend): Promise<void> {
    const sent = await broker().send(row.controllerId, 'order', encode(orderMessage(row)))
    if (sent) return markSent(row)
    await write(ctx, async (tx, after) => {
      await lockControllers(tx, [row.controllerId])
      const moved = await tx`
        update orders set state = 'refused', refused_reason = 'not-reachable' where id = ${row.id} and state = 'made' returning 1`
      if (moved.length === 0) return
      const at = ctx.now()
      const { siteId, controllerId, doorId, grantId, id: orderId } = row
      const about = { at, receivedAt: at, controllerId, doorId, grantId, orderId }
      await appendHistory(tx, siteId, [{ type: 'order-not-sent', ...about }])
      after.changes({ siteId, doors: [doorId], orders: [orderId] })
    })
  }

  let unmarked: OrderToSend[] = []
  let marking: Promise<void> | null = null

  /** Many at once in one statement. Nobody waits for it: that the order was made is committed already. */
  function markSent(order: OrderToSend): Promise<void> {
    unmarked.push(order)
    marking ??= new Promise(setImmediate).then(() => {
      const orders = unmarked
      unmarked = []
      marking = null
      return write(ctx, async (tx, after) => {
        await lockControllers(tx, [...new Set(orders.map(each => each.controllerId))])
        const moved = await tx<{ id: string; siteId: string; doorId: string }[]>`
          update orders set state = 'sent' where id = any(${orders.map(each => each.id)}::uuid[]) and state = 'made'
          returning id, site_id, door_id`
        for (const { id, siteId, doorId } of moved) after.changes({ siteId, doors: [doorId], orders: [id] })
      })
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

const configOf = (row: { version: number; language: string; timeZone: string; siteName: string }): Config => ({
  ...row,
  unlockMs: 3000,
  heldOpenMs: 300_000,
  wrongTries: 5,
  lockoutMs: 300_000,
  lockoutFactor: 2,
  lockoutMaxMs: 900_000,
  quietHours: ['22:00', '07:00'],
})
