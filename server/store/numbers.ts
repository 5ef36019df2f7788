import type { Sql } from '../postgres/connect.ts'

export type NumbersNow = {
  controllers: { online: number; away: number }
  orders: { type: string; state: string; count: number }[]
  connections: { state: string; count: number }[]
  notices: { channel: string; state: string; count: number }[]
  waitMs: number
}

/** The numbers that are rows anyway; `waitMs` is what one caller waited for a connection and its answer. */
export async function numbersNow(sql: Sql, now: Date): Promise<NumbersNow> {
  const asked = performance.now()
  await sql`select 1`
  const waitMs = performance.now() - asked
  const [controllers] = await sql<NumbersNow['controllers'][]>`
    select count(*) filter (where online)::int as online, count(*) filter (where not online)::int as away
    from controllers where retired_at is null`
  // ids are UUIDv7, so the last hour is a range of the primary key
  const orders = await sql<NumbersNow['orders']>`
    select type, state, count(*)::int as count from orders where id >= ${firstIdAt(now.getTime() - 3_600_000)}
    group by type, state`
  const connections = await sql<NumbersNow['connections']>`
    select coalesce(state, 'none') as state, count(*)::int as count from pg_stat_activity
    where datname = current_database() group by 1`
  const notices = await sql<NumbersNow['notices']>`
    select channel, state, count(*)::int as count from notices where state in ('waiting', 'dead') group by 1, 2`
  return { controllers: controllers!, orders, connections, notices, waitMs }
}

function firstIdAt(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
