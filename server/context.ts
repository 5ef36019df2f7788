import type { Keys } from './keys.ts'
import type { Sql, Tx } from './postgres/connect.ts'
import { Refusal } from './refusal.ts'
import type { OrderRow } from './store/rows.ts'

/** Ids of what changed at a site; whoever watches reads the rows again. */
export type Changes = {
  siteId: string
  doors?: string[]
  controllers?: string[]
  orders?: string[]
  parcels?: string[]
  /** kind/id of what needs somebody: it came or went without any of the above, or somebody took it */
  attention?: string[]
}
/** An order goes as its row, just committed; lists and configurations are read when they are sent. */
export type OrderToSend = OrderRow & { door: number }
export type DeviceWork = { order: OrderToSend } | { grants: string } | { config: string } | { disconnect: string }

export type Log = {
  info(o: object, m: string): void
  warn(o: object, m: string): void
  error(o: object, m: string): void
}

export type Context = {
  sql: Sql
  now(): Date
  keys: Keys
  log: Log
  announce(changes: Changes): void
  toDevice(work: DeviceWork): void
  /** only while a request with an Idempotency-Key is served */
  once?: Once
}

/** Claims the key as the first thing a write does and keeps the result as the last: all three are committed or none. */
export type Once = { claim(tx: Tx): Promise<void>; keep(tx: Tx, result: unknown): Promise<void> }

/** What is told to others once the transaction is committed, never before. */
export type After = { changes(changes: Changes): void; device(work: DeviceWork): void }

/** A Refusal that `work` returns instead of throwing is committed with what was written before it, then thrown. */
export async function write<T>(ctx: Context, work: (tx: Tx, after: After) => Promise<T>): Promise<Exclude<T, Refusal>> {
  const bySite = new Map<string, Gathered>()
  const device: DeviceWork[] = []
  const after: After = { changes: one => gather(bySite, one), device: one => void device.push(one) }
  const result = await ctx.sql.begin(async tx => {
    await ctx.once?.claim(tx)
    const done = await work(tx, after)
    await ctx.once?.keep(tx, done)
    return done
  })
  for (const one of device) ctx.toDevice(one)
  for (const [siteId, ids] of bySite)
    ctx.announce({ siteId, ...Object.fromEntries(changeKinds.map(kind => [kind, [...ids[kind]]])) })
  if (result instanceof Refusal) throw result
  return result as Exclude<T, Refusal>
}

export const changeKinds = ['doors', 'controllers', 'orders', 'parcels', 'attention'] as const
type Gathered = Record<(typeof changeKinds)[number], Set<string>>

/** One transaction is one change at each site, however often its parts name the same row. */
function gather(bySite: Map<string, Gathered>, changes: Changes): void {
  const ids = bySite.get(changes.siteId) ?? {
    ...{ doors: new Set(), controllers: new Set(), orders: new Set(), parcels: new Set(), attention: new Set() },
  }
  bySite.set(changes.siteId, ids)
  for (const kind of changeKinds) for (const id of changes[kind] ?? []) ids[kind].add(id)
}
