import type { CounterParcel } from '../../schema/api/counter.ts'
import type { Sql } from '../postgres/connect.ts'

type Row = Omit<CounterParcel, 'placedAt' | 'deadlineAt' | 'endedAt'> &
  Record<'placedAt' | 'deadlineAt' | 'endedAt', Date | null> & { residentId: string; isByName: boolean }

/** What somebody at the counter asks about; `byName`: those whom only the beginning of their name found. */
export async function counterParcels(
  sql: Sql,
  { siteId, q, ended }: { siteId: string; q: string; ended: boolean },
): Promise<{ items: CounterParcel[]; byName: string[] }> {
  const byNumber = sql`(p.receipt = upper(${q}) or p.tracking = ${q} or lower(r.flat) = lower(${q}))`
  const rows = await sql<Row[]>`
    select p.id, p.receipt, p.state, p.size, d.controller_id, p.door_id, d.door, p.shelf, r.flat,
      coalesce(p.carrier, k.name) as carrier, p.tracking, p.placed_at, p.deadline_at, p.ended_at,
      r.id as resident_id, ${q !== ''} and not coalesce(${byNumber}, false) as is_by_name,
      case when g.id is not null then json_build_object('grantId', g.id,
        'bankKnows', c.grants_known = -1 or c.grants_known >= g.made_version) end as badge
    from parcels p
    join residents r on r.id = p.resident_id
    left join doors d on d.id = p.door_id
    left join carriers k on k.id = p.carrier_id
    left join grants g on g.id = p.badge_grant_id and g.revoked_at is null
    left join controllers c on c.id = g.controller_id
    where p.site_id = ${siteId}
      ${ended ? sql`` : sql`and p.state in ('placing', 'waiting', 'expired', 'contested')`}
      ${q === '' ? sql`` : sql`and (${byNumber} or starts_with(lower(r.name), lower(${q})))`}
    order by p.made_at desc limit 100`
  const items = rows.map(({ residentId: _, isByName: __, ...row }) => ({
    ...row,
    placedAt: row.placedAt?.toISOString() ?? null,
    deadlineAt: row.deadlineAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  }))
  const found = rows.filter(({ isByName }) => isByName).map(({ residentId }) => residentId)
  return { items, byName: [...new Set(found)] }
}
