import type { Sql, Tx } from '../postgres/connect.ts'

export type Candidate = {
  id: string
  door: number
  size: 'S' | 'M' | 'L' | 'XL' | null
  height: 'low' | 'normal' | 'high'
  offer: string
  /** a grant that ended unused may still be known to the device */
  blocked: boolean
}

/**
 * The compartments of a bank. Blocked: out of order, in doubt after a restore, or a grant that ended unused may still be in the device's list (a
 * known version of -1: it keeps none).
 */
export function boxesOf(sql: Sql | Tx, controllerId: string): Promise<Candidate[]> {
  return sql<Candidate[]>`
    select d.id, d.door, d.size, d.height, d.offer,
      c.doubtful_until is not null or d.mode = 'locked' or d.state in ('open', 'jammed') or exists (
        select 1 from grants g where g.door_id = d.id and g.means <> 'order' and g.used_at is null
          and (g.revoked_at is null and g.until > now()
            or g.revoked_at is not null and c.grants_known <> -1 and g.revoked_version > c.grants_known)) as blocked
    from doors d join controllers c on c.id = d.controller_id
    where d.controller_id = ${controllerId} and d.kind = 'compartment'
    order by d.door`
}

export type Bank = { controllerId: string; name: string; online: boolean }

/** Controllers with compartments. */
export function banksOf(sql: Sql | Tx, siteId: string): Promise<Bank[]> {
  return sql<Bank[]>`
    select c.id as controller_id, c.name, c.online from controllers c
    where c.site_id = ${siteId} and c.retired_at is null
      and exists (select 1 from doors d where d.controller_id = c.id and d.kind = 'compartment')
    order by c.id`
}

export type OneBank = Bank & { id: string; siteId: string; site: string; codeKeyWrapped: Buffer }

export async function bankById(sql: Sql, id: string): Promise<OneBank | undefined> {
  const [bank] = await sql<OneBank[]>`
    select c.id, c.id as controller_id, c.name, c.online, c.site_id, s.name as site, c.code_key_wrapped
    from controllers c join sites s on s.id = c.site_id
    where c.id = ${id} and c.retired_at is null
      and exists (select 1 from doors d where d.controller_id = c.id and d.kind = 'compartment')`
  return bank
}
