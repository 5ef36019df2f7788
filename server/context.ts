import type { Keys } from './keys.ts'
import type { Sql, Tx } from './postgres/connect.ts'
import { Refusal } from './refusal.ts'

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
  /** only while a request with an Idempotency-Key is served */
  once?: Once
}

/** Claims the key as the first thing a write does and keeps the result as the last: all three are committed or none. */
export type Once = { claim(tx: Tx): Promise<void>; keep(tx: Tx, result: unknown): Promise<void> }

/** What is told to others once the transaction is committed, never before. */
export type After = { changes(changes: Changes): void; device(work: DeviceWork): void }

/** A Refusal that `work` returns instead of throwing is committed with what was written before it, then thrown. */
export async function write<T>(ctx: Context, work: (tx: Tx, after: After) => Promise<T>): Promise<Exclude<T, Refusal>> {
  const changes: Changes[] = []
  const device: DeviceWork[] = []
  const after: After = { changes: one => void changes.push(one), device: one => void device.push(one) }
  const result = await ctx.sql.begin(async tx => {
    await ctx.once?.claim(tx)
    const done = await work(tx, after)
    await ctx.once?.keep(tx, done)
    return done
  })
  for (const one of device) ctx.toDevice(one)
  for (const one of changes) ctx.announce(one)
  if (result instanceof Refusal) throw result
  return result as Exclude<T, Refusal>
}
