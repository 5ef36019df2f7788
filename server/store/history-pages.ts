import type { HistoryItem } from '../../schema/api/timeline.ts'
import type { Sql } from '../postgres/connect.ts'

export type HistoryFilter = {
  siteIds: string[] | null
  doorId?: string
  parcelId?: string
  controllerId?: string
  type?: string
  suspect?: boolean
  from?: Date
  until?: Date
  /** entries before this one, newest first */
  before?: { receivedAt: Date; n: number }
  limit: number
}

export async function historyPage(sql: Sql, f: HistoryFilter): Promise<HistoryItem[]> {
  const also = (given: unknown, condition: () => ReturnType<Sql>) =>
    given === undefined || given === null ? sql`` : condition()
  const rows = await sql<(Omit<HistoryItem, 'at' | 'receivedAt'> & { at: Date; receivedAt: Date })[]>`
    select site_id, n, type, at, received_at, live, controller_id, door_id, grant_id, order_id, parcel_id, actor_id, facts, suspect
    from history where true
      ${also(f.siteIds, () => sql`and site_id = any(${f.siteIds}::uuid[])`)}
      ${also(f.doorId, () => sql`and door_id = ${f.doorId!}`)}
      ${also(f.parcelId, () => sql`and parcel_id = ${f.parcelId!}`)}
      ${also(f.controllerId, () => sql`and controller_id = ${f.controllerId!}`)}
      ${also(f.type, () => sql`and type = ${f.type!}`)}
      ${also(f.suspect, () => sql`and (suspect is not null) = ${f.suspect!}`)}
      ${also(f.from, () => sql`and received_at >= ${f.from!}`)}
      ${also(f.until, () => sql`and received_at < ${f.until!}`)}
      ${also(f.before, () => sql`and (received_at, n) < (${f.before!.receivedAt}, ${f.before!.n})`)}
    order by received_at desc, n desc limit ${f.limit}`
  return rows.map(row => ({ ...row, at: row.at.toISOString(), receivedAt: row.receivedAt.toISOString() }))
}
