import type { Actor } from '../../schema/api/history.ts'
import type { Sql } from '../postgres/connect.ts'

/** Who can have done something at a site and is named: those who work there, and its carriers. */
export function actorsOf(sql: Sql, siteId: string): Promise<Actor[]> {
  return sql<Actor[]>`
    select id, 'staff' as kind, name from accounts a
    where role = 'landlord' or exists (select 1 from account_sites s where s.account_id = a.id and s.site_id = ${siteId})
    union all select id, 'carrier', name from carriers where site_id = ${siteId}
    order by kind desc, name`
}
