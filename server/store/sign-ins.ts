import type { Sql, Tx } from '../postgres/connect.ts'
import type { Channel } from './notices.ts'

/** How many one resident asked for since then; their row is locked, so that those asking at once are counted. */
export async function signInsAsked(tx: Tx, residentId: string, since: Date): Promise<number> {
  await tx`select 1 from residents where id = ${residentId} for no key update`
  const [row] = await tx<{ n: number }[]>`
    select count(*)::int as n from sign_ins where resident_id = ${residentId} and made_at > ${since}`
  return row!.n
}

/** One that was asked for since then, is told this way, and was not used. */
export async function isOnItsWay(
  tx: Tx,
  { residentId, by, since }: { residentId: string; by: Channel; since: Date },
): Promise<boolean> {
  const rows = await tx`
    select 1 from sign_ins s join notices n on n.sign_in_id = s.id
    where s.resident_id = ${residentId} and s.made_at > ${since} and s.used_at is null and n.channel = ${by} limit 1`
  return rows.length > 0
}

export async function addSignIn(
  tx: Tx,
  { id, residentId, madeAt }: { id: string; residentId: string; madeAt: Date },
): Promise<void> {
  await tx`insert into sign_ins (id, resident_id, made_at) values (${id}, ${residentId}, ${madeAt})`
}

/** The newest one asked for since then, if it was not used. */
export async function openSignIn(sql: Sql, residentId: string, since: Date): Promise<string | undefined> {
  const [row] = await sql<{ id: string; usedAt: Date | null }[]>`
    select id, used_at from sign_ins where resident_id = ${residentId} and made_at > ${since}
    order by made_at desc, id desc limit 1`
  return row && row.usedAt === null ? row.id : undefined
}

/** False when somebody was quicker. */
export async function takeSignIn(sql: Sql, id: string, usedAt: Date): Promise<boolean> {
  const rows = await sql`update sign_ins set used_at = ${usedAt} where id = ${id} and used_at is null returning 1`
  return rows.length > 0
}
