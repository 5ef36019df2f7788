import type { AuditView } from '../../schema/api/audits.ts'
import type { audits } from '../../schema/tables/index.ts'
import type { Sql, Tx } from '../postgres/connect.ts'

export type AuditRow = typeof audits.$inferSelect

export async function addAudit(tx: Tx, row: Omit<AuditRow, 'afterN' | 'endedAt'>): Promise<void> {
  const { id, siteId, controllerId, madeBy, madeAt } = row
  await tx`
    insert into audits (id, site_id, controller_id, after_n, made_by, made_at)
    select ${id}, id, ${controllerId}, history_n, ${madeBy}, ${madeAt} from sites where id = ${siteId}`
}

export async function auditById(sql: Sql | Tx, id: string): Promise<AuditRow | undefined> {
  const [audit] = await sql<AuditRow[]>`select * from audits where id = ${id}`
  return audit
}

export async function runningAudit(sql: Sql | Tx, controllerId: string): Promise<AuditRow | undefined> {
  const [audit] = await sql<AuditRow[]>`
    select * from audits where controller_id = ${controllerId} and ended_at is null`
  return audit
}

/** False when it had ended before. */
export async function endedAudit(tx: Tx, id: string, at: Date): Promise<boolean> {
  const moved = await tx`update audits set ended_at = ${at} where id = ${id} and ended_at is null returning 1`
  return moved.length > 0
}

type Running = { id: string; controllerId: string; madeAt: string }

export async function runningAudits(sql: Sql, siteId: string): Promise<Running[]> {
  const rows = await sql<(Omit<Running, 'madeAt'> & { madeAt: Date })[]>`
    select id, controller_id, made_at from audits where site_id = ${siteId} and ended_at is null order by id`
  return rows.map(row => ({ ...row, madeAt: row.madeAt.toISOString() }))
}

type Walked = AuditView['doors'][number]

/** The boxes of the walk: what should lie in each, and what the last look since it began has found. */
export async function auditDoors(sql: Sql | Tx, { controllerId, afterN, endedAt }: AuditRow): Promise<Walked[]> {
  const rows = await sql<(Omit<Walked, 'lookedAt'> & { lookedAt: Date | null })[]>`
    select d.id, d.door, d.size, d.offer, d.state, p.state as parcel_state, p.receipt, h.facts ->> 'found' as found,
      h.at as looked_at
    from doors d
    left join lateral (
      select * from parcels where door_id = d.id and state in ('placing', 'waiting', 'expired', 'contested')
      order by made_at desc limit 1) p on true
    left join lateral (
      select * from history where door_id = d.id and n > ${afterN} and type = 'door-looked'
        ${endedAt ? sql`and received_at <= ${endedAt}` : sql``} order by n desc limit 1) h on true
    where d.controller_id = ${controllerId} and d.kind = 'compartment' and (d.offer <> 'retired' or h.n is not null)
    order by d.door`
  return rows.map(row => ({ ...row, lookedAt: row.lookedAt?.toISOString() ?? null }))
}
