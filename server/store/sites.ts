import type { Sql, Tx } from '../postgres/connect.ts'

type NewSite = { id: string; name: string; language: string; timeZone: string; createdAt: Date }

/** With the head of an empty chain. */
export async function addSite(tx: Tx, { id, name, language, timeZone, createdAt }: NewSite): Promise<void> {
  await tx`
    insert into sites (id, name, language, time_zone, history_hash, created_at)
    values (${id}, ${name}, ${language}, ${timeZone}, ${Buffer.alloc(32)}, ${createdAt})`
}

export async function siteExists(sql: Sql | Tx, id: string): Promise<boolean> {
  const rows = await sql`select 1 from sites where id = ${id}`
  return rows.length > 0
}

export async function deadlineDays(sql: Sql | Tx, id: string): Promise<number> {
  const [site] = await sql<{ days: number }[]>`select deadline_days as days from sites where id = ${id}`
  return site!.days
}

/** What orders are reckoned by. */
export async function databaseClock(sql: Sql | Tx): Promise<Date> {
  const [clock] = await sql<{ now: Date }[]>`select clock_timestamp() as now`
  return clock!.now
}
