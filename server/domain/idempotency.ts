import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { claimKey, keepResult, releaseKey } from '../store/idempotency.ts'

export type Once<T> = {
  actorId: string
  key: string | undefined
  /** what was asked: the same key with another request is a mistake */
  request: unknown
  work(): Promise<T>
  /** what may be kept of the answer: references only, never a code or secret */
  keep(answer: T): object
  /** the answer to a repeat, made from what was kept */
  again(kept: Record<string, unknown>): Promise<unknown> | unknown
}

/**
 * Does the work once per key. The key is claimed before the work starts, so two requests at once cannot both do it.
 * After a failure whose outcome is unknown the key stays claimed: doing it twice would be worse than asking somebody.
 */
export async function once<T>(ctx: Context, { actorId, key, request, work, keep, again }: Once<T>): Promise<unknown> {
  if (key === undefined) return work()
  const print = createHash('sha256').update(JSON.stringify(request)).digest('base64url')
  const kept = await claimKey(ctx.sql, { actorId, key, request: print, createdAt: ctx.now() })
  if (kept) {
    if (kept.request !== print) throw new Refusal('key-used-for-another-request', { field: 'idempotency-key' })
    if (kept.result === '') throw new Refusal('still-at-work', { field: 'idempotency-key' })
    return again(JSON.parse(kept.result))
  }
  const answer = await work().catch(async error => {
    if (surelyUndone(error)) await releaseKey(ctx.sql, { actorId, key })
    throw error
  })
  await keepResult(ctx.sql, { actorId, key }, JSON.stringify(keep(answer)))
  return answer
}

/** Refused by the rules, or by the database itself, which then undid the transaction; a lost connection tells neither. */
function surelyUndone(error: unknown): boolean {
  if (error instanceof Refusal) return true
  const { name, code = '' } = error as { name?: string; code?: string }
  return name === 'PostgresError' && !/^(08|57P0)/.test(code)
}
