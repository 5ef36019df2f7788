import { createHash } from 'node:crypto'
import type { Context, Once } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { claimKey, type Kept, keepResult } from '../store/idempotency.ts'

export type Repeatable<T> = {
  actorId: string
  key: string | undefined
  /** what was asked: the same key with another request is a mistake */
  request: unknown
  /** one use case, done with this context: its one `write` claims the key and keeps the result */
  work(ctx: Context): Promise<T>
  /** what may be kept of that write's result: references only, never a code or secret */
  keep(written: unknown): unknown
  /** the answer to a repeat, made from what was kept */
  again(kept: object): Promise<T>
}

/**
 * Does the work once per key, whatever ends in between: the key, the fact and its result are one transaction. A repeat
 * that comes meanwhile waits for the first one's commit and gets its answer, or does the work itself after a rollback.
 */
export async function once<T>(ctx: Context, request: Repeatable<T>): Promise<T> {
  const { actorId, key, work } = request
  if (key === undefined) return work(ctx)
  const print = createHash('sha256').update(JSON.stringify(request.request)).digest('base64url')
  let before: Kept | undefined
  let claimed = false
  const claim: Once = {
    async claim(tx) {
      if (claimed) throw new Error('a request that is done once has more than one write')
      before = await claimKey(tx, { actorId, key, request: print, createdAt: ctx.now() })
      if (before) throw new Refusal('done-before')
      claimed = true
    },
    keep: (tx, result) => keepResult(tx, { actorId, key }, JSON.stringify(keptOf(result, request.keep))),
  }
  try {
    const answer = await work({ ...ctx, once: claim })
    if (!claimed) throw new Error('a request that is done once has no write')
    return answer
  } catch (error) {
    if (!before) throw error
  }
  if (before.request !== print) throw new Refusal('key-used-for-another-request', { field: 'idempotency-key' })
  const { refused, done } = JSON.parse(before.result) as ReturnType<typeof keptOf>
  if (refused) throw new Refusal(refused.reason, refused)
  return request.again(done as object)
}

/** A refusal that was committed, as "we do not see the parcel", is the answer to the repeat too. */
function keptOf(result: unknown, keep: Repeatable<unknown>['keep']) {
  if (!(result instanceof Refusal)) return { done: keep(result) }
  const { reason, field, details } = result
  return { refused: { reason, ...(field ? { field } : {}), ...(details ? { details } : {}) } }
}
