import type { Sql } from '../postgres/connect.ts'

/** A repeated POST is answered from what was kept, a wrong try counts, only for so long. */
export async function deleteOld(sql: Sql, before: Date): Promise<void> {
  await sql`delete from idempotency where created_at < ${before}`
  await sql`delete from sign_ins where made_at < ${before}`
  await sql`delete from attempts where last_at < ${before} and (locked_until is null or locked_until < ${before})`
}

/** That somebody was told something is about a person too. */
export async function deleteOldNotices(sql: Sql, before: Date): Promise<void> {
  await sql`delete from notices where made_at < ${before} and state <> 'waiting'`
}
