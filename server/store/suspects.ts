import type { SuspectFact } from '../../schema/api/settle.ts'
import type { Sql, Tx } from '../postgres/connect.ts'

/** whether what is about a parcel is told too */
export type Seen = { alsoOfParcels: boolean }
export type SuspectFilter = { siteId: string; settled: boolean; before: number | null; limit: number } & Seen

type Row = Omit<SuspectFact, 'at' | 'receivedAt' | 'settled'> & { at: Date; receivedAt: Date } & {
  settledAt: Date | null
  settledBy: string | null
  note: string | null
}

/** What does not add up at a site, newest first: what nobody has settled, or what somebody has. */
export async function suspectFacts(sql: Sql, f: SuspectFilter): Promise<SuspectFact[]> {
  const rows = await sql<Row[]>`
    select h.n, h.type, h.at, h.received_at, h.controller_id, h.door_id, d.door, h.parcel_id, p.receipt,
      p.state as parcel_state, h.suspect, s.settled_at, s.settled_by, m.text as note
    from history h
    left join settlements s on s.site_id = h.site_id and s.n = h.n
    left join notes m on m.id = s.note_id
    left join doors d on d.id = h.door_id
    left join parcels p on p.id = h.parcel_id
    where h.site_id = ${f.siteId} and h.suspect is not null and (s.n is not null) = ${f.settled}
      ${f.alsoOfParcels ? sql`` : sql`and h.parcel_id is null`}
      ${f.before === null ? sql`` : sql`and h.n < ${f.before}`}
    order by h.n desc limit ${f.limit}`
  return rows.map(({ settledAt, settledBy, note, ...row }) => ({
    ...row,
    at: row.at.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
    settled: settledAt ? { at: settledAt.toISOString(), by: settledBy!, note } : null,
  }))
}

type Suspect = { controllerId: string | null; doorId: string | null; parcelId: string | null }

export async function suspectAt(tx: Tx, siteId: string, n: number): Promise<Suspect | undefined> {
  const [row] = await tx<Suspect[]>`
    select controller_id, door_id, parcel_id from history where site_id = ${siteId} and n = ${n} and suspect is not null`
  return row
}

type Settled = { siteId: string; n: number; settledBy: string; settledAt: Date; noteId: string }

/** False when somebody had settled it before. */
export async function addSettlement(tx: Tx, { siteId, n, settledBy, settledAt, noteId }: Settled): Promise<boolean> {
  const added = await tx`
    insert into settlements (site_id, n, settled_by, settled_at, note_id)
    values (${siteId}, ${n}, ${settledBy}, ${settledAt}, ${noteId}) on conflict do nothing returning 1`
  return added.length > 0
}
