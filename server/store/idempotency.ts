import type { Tx } from '../postgres/connect.ts'

export type Kept = { request: string; result: string }
type Key = { actorId: string; key: string }

/**
 * Undefined when the key was new and is now this transaction's; else what is kept under it. While another transaction
 * holds the key this waits for its end.
 */
export async function claimKey(tx: Tx, claim: Key & { request: string; createdAt: Date }): Promise<Kept | undefined> {
  const { actorId, key } = claim
  for (;;) {
    const made = await tx`
      insert into idempotency (actor_id, key, request, result, created_at)
      values (${actorId}, ${key}, ${claim.request}, '', ${claim.createdAt}) on conflict do nothing returning 1`
    if (made.length > 0) return undefined
    const [kept] = await tx<Kept[]>`
      select request, result from idempotency where actor_id = ${actorId} and key = ${key}`
    // none: it was deleted for its age between the two statements
    if (kept) return kept
  }
}

export async function keepResult(tx: Tx, { actorId, key }: Key, result: string): Promise<void> {
  await tx`update idempotency set result = ${result} where actor_id = ${actorId} and key = ${key}`
}
