import type { Keys } from './keys.ts'
import type { Sql, Tx } from './postgres/connect.ts'

/** Ids of what changed at a site; whoever watches reads the rows again. */
export type Changes = {
  siteId: string
  doors?: string[]
  controllers?: string[]
  orders?: string[]
  parcels?: string[]
}
export type DeviceWork = { order: string } | { grants: string } | { config: string } | { disconnect: string }

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
}

/** What is told to others once the transaction is committed, never before. */
export type After = { changes(changes: Changes): void; device(work: DeviceWork): void }

export async function write<T>(ctx: Context, work: (tx: Tx, after: After) => Promise<T>): Promise<T> {
  const changes: Changes[] = []
  const device: DeviceWork[] = []
  const after: After = { changes: one => void changes.push(one), device: one => void device.push(one) }
  const result = await ctx.sql.begin(tx => work(tx, after))
  for (const one of device) ctx.toDevice(one)
  for (const one of changes) ctx.announce(one)
  return result as T
}
