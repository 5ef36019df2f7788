import { accountRoles } from '../../schema/api/roles.ts'
import type { Role } from '../../schema/api/shared.ts'
import type { Sql, Tx } from '../postgres/connect.ts'

export type SessionRow = { id: string; role: Role; actorId: string; siteIds: string[] | null; expiresAt: Date }
type NewSession = SessionRow & { createdAt: Date; browser?: string | null; system?: string | null }

export async function addSession(sql: Sql | Tx, tokenHash: Buffer, session: NewSession) {
  const { id, role, actorId, siteIds, createdAt, expiresAt, browser = null, system = null } = session
  await sql`
    insert into sessions (token_hash, id, role, actor_id, site_ids, created_at, expires_at, last_seen_at, browser, system)
    values (${tokenHash}, ${id}, ${role}, ${actorId}, ${siteIds}, ${createdAt}, ${expiresAt}, ${createdAt}, ${browser}, ${system})`
}

const workers = accountRoles.filter(role => role !== 'landlord')

/** The sites of an account are read anew each time, so that one taken away counts at once; so does another role, or none. */
export async function liveSession(
  sql: Sql,
  tokenHash: Buffer,
  now: Date,
): Promise<(SessionRow & { lastSeenAt: Date }) | undefined> {
  const [row] = await sql<(SessionRow & { lastSeenAt: Date })[]>`
    select s.id, s.role, s.actor_id, s.expires_at, s.last_seen_at,
      case when s.role = any(${workers}::text[])
        then array(select a.site_id from account_sites a where a.account_id = s.actor_id)
        else s.site_ids end as site_ids
    from sessions s left join accounts w on w.id = s.actor_id
    where s.token_hash = ${tokenHash} and s.expires_at > ${now}
      and (w.id is null or (w.closed_at is null and w.role = s.role))`
  return row
}

export async function endSession(sql: Sql, tokenHash: Buffer): Promise<void> {
  await sql`delete from sessions where token_hash = ${tokenHash}`
}

/** All of one person, carrier or account. */
export async function endSessionsOf(tx: Tx, actorId: string): Promise<void> {
  await tx`delete from sessions where actor_id = ${actorId}`
}

export async function dropEndedSessions(sql: Sql, now: Date): Promise<void> {
  await sql`delete from sessions where expires_at <= ${now}`
}

export async function touchSession(sql: Sql, id: string, now: Date): Promise<void> {
  await sql`update sessions set last_seen_at = ${now} where id = ${id}`
}

type ListedSession = Record<'createdAt' | 'lastSeenAt', Date> & {
  id: string
  browser: string | null
  system: string | null
}

/** Of one person, the newest first. */
export async function sessionsOf(sql: Sql, actorId: string, now: Date): Promise<ListedSession[]> {
  return sql<ListedSession[]>`
    select id, created_at, last_seen_at, browser, system from sessions
    where actor_id = ${actorId} and expires_at > ${now} order by created_at desc, id`
}

/** False when this person has no such session. */
export async function endSessionOf(sql: Sql, actorId: string, id: string): Promise<boolean> {
  return (await sql`delete from sessions where id = ${id} and actor_id = ${actorId}`).count > 0
}

/** How many ended; `keep` null: all of them end. */
export async function endOtherSessions(tx: Tx, actorId: string, keep: string | null): Promise<number> {
  return (await tx`delete from sessions where actor_id = ${actorId} and id is distinct from ${keep}::uuid`).count
}

export type Attempt = { wrong: number; lockedUntil: Date | null }

/**
 * Counts a try before it is judged, so that many at once cannot slip through: undefined while the subject is locked.
 * The `most`th wrong one (the fifth) locks for 5 minutes, the next time for 10, then 15; a quiet hour takes one level back.
 */
export async function countTry(sql: Sql | Tx, subject: string, now: Date, most = 5): Promise<Attempt | undefined> {
  const [row] = await sql<Attempt[]>`
    insert into attempts as a (subject, wrong, level, last_at, locked_until)
    values (${subject}, 1, 0, ${now}, null)
    on conflict (subject) do update set
      wrong = case when a.locked_until is not null or a.last_at < ${now}::timestamptz - interval '15 minutes' then 1 else a.wrong + 1 end,
      level = greatest(0, a.level - floor(extract(epoch from ${now}::timestamptz - a.last_at) / 3600)::int)
        + case when a.locked_until is null and a.wrong + 1 >= ${most}::int and a.last_at >= ${now}::timestamptz - interval '15 minutes' then 1 else 0 end,
      last_at = ${now},
      locked_until = case when a.locked_until is null and a.wrong + 1 >= ${most}::int and a.last_at >= ${now}::timestamptz - interval '15 minutes'
        then ${now}::timestamptz + interval '5 minutes' * least(3, a.level + 1) else null end
    where a.locked_until is null or a.locked_until <= ${now}
    returning wrong, locked_until`
  return row
}

export async function lockedUntil(sql: Sql | Tx, subject: string): Promise<Date | null> {
  const [row] = await sql<{ lockedUntil: Date | null }[]>`select locked_until from attempts where subject = ${subject}`
  return row?.lockedUntil ?? null
}

export async function forgetTries(sql: Sql | Tx, subject: string): Promise<void> {
  await sql`delete from attempts where subject = ${subject}`
}

/** Of a name, everywhere and from each address: the subjects that begin with its own. */
export async function forgetTriesOf(tx: Tx, name: string): Promise<void> {
  await tx`delete from attempts where starts_with(subject, ${name})`
}

/** It was the right one after all: not counted where others' tries are counted too. The lock it brought goes with it. */
export async function takeBackTry(sql: Sql | Tx, subject: string): Promise<void> {
  await sql`update attempts set wrong = greatest(0, wrong - 1), locked_until = null,
      level = case when locked_until is null then level else greatest(0, level - 1) end
    where subject = ${subject}`
}
