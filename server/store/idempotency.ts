import type { Sql } from '../postgres/connect.ts'

export type Kept = { request: string; result: string; createdAt: Date }
type Key = { actorId: string; key: string }

/** Undefined when the key was new and is now ours; else what is kept under it (an empty result: still at work). */
export async function claimKey(sql: Sql, claim: Key & { request: string; createdAt: Date }): Promise<Kept | undefined> {
  const made = await sql`
    insert into idempotency (actor_id, key, request, result, created_at)
    values (${claim.actorId}, ${claim.key}, ${claim.request}, '', ${claim.createdAt})
    on conflict do nothing returning 1`
  if (made.length > 0) return undefined
  const [row] = await sql<Kept[]>`
    select request, result, created_at from idempotency where actor_id = ${claim.actorId} and key = ${claim.key}`
  return row ?? { request: claim.request, result: '', createdAt: claim.createdAt }
}

export async function keepResult(sql: Sql, { actorId, key }: Key, result: string): Promise<void> {
  await sql`update idempotency set result = ${result} where actor_id = ${actorId} and key = ${key}`
}

export async function releaseKey(sql: Sql, { actorId, key }: Key): Promise<void> {
  await sql`delete from idempotency where actor_id = ${actorId} and key = ${key} and result = ''`
}
