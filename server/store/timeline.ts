import type { TimelineEntry } from '../../schema/api/timeline.ts'
import type { Sql, Tx } from '../postgres/connect.ts'

/**
 * The numbers, in order, of what happened to a parcel: its own entries, and those of the grants and orders made for it. Of
 * one that lies beside another, also what was done by the code that they share.
 */
export async function numbersOfParcel(sql: Sql | Tx, parcelId: string): Promise<number[]> {
  // each part by an index of its own: one condition for all of them would read the whole history of the site
  const rows = await sql<{ n: number }[]>`
    with g as (select id, parcel_id from grants where parcel_id = ${parcelId}
      union select g.id, g.parcel_id from parcels p join grants g on g.id in (p.placing_grant_id, p.pickup_grant_id)
        where p.id = ${parcelId})
    select n from history where parcel_id = ${parcelId}
    union select h.n from g join history h on h.grant_id = g.id and h.parcel_id is null
    union select h.n from g join history h on h.parcel_id = g.parcel_id and h.grant_id = g.id
    order by n`
  return rows.map(each => each.n)
}

type HistoryRow = Omit<TimelineEntry, 'at' | 'receivedAt'> & { at: Date; receivedAt: Date }

export async function parcelTimeline(
  sql: Sql,
  { id, siteId }: { id: string; siteId: string },
): Promise<TimelineEntry[]> {
  const numbers = await numbersOfParcel(sql, id)
  const rows = await sql<HistoryRow[]>`
    select n, type, at, received_at, live, facts, suspect from history
    where site_id = ${siteId} and n = any(${numbers}::bigint[]) order by n`
  return rows.map(row => ({ ...row, at: row.at.toISOString(), receivedAt: row.receivedAt.toISOString() }))
}
