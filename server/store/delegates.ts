import type { Sql, Tx } from '../postgres/connect.ts'

type Delegate = { id: string; parcelId: string; grantId: string; name: string; madeAt: Date }

export async function addDelegateRow(tx: Tx, { id, parcelId, grantId, name, madeAt }: Delegate): Promise<void> {
  await tx`
    insert into delegates (id, parcel_id, grant_id, name, made_at)
    values (${id}, ${parcelId}, ${grantId}, ${name}, ${madeAt})`
}

/** Only of that resident's own parcels. */
export async function delegateOf(
  sql: Sql,
  { id, residentId }: { id: string; residentId: string },
): Promise<{ grantId: string; parcelId: string } | undefined> {
  const [row] = await sql<{ grantId: string; parcelId: string }[]>`
    select e.grant_id, e.parcel_id from delegates e join parcels p on p.id = e.parcel_id
    where e.id = ${id} and p.resident_id = ${residentId}`
  return row
}

export type DelegateRow = {
  id: string
  parcelId: string
  grantId: string
  name: string
  usedAt: Date | null
  revokedAt: Date | null
  until: Date
  bankKnows: boolean
  bankOnline: boolean
  bankSeenAt: Date | null
}

/**
 * Delegates of these parcels, newest first. `bankKnows`: the list in force at the bank was made after the delegate was
 * named, and after they were taken back if they were.
 */
export function delegatesOf(sql: Sql, parcelIds: string[]): Promise<DelegateRow[]> {
  return sql<DelegateRow[]>`
    select e.id, e.parcel_id, e.grant_id, e.name, g.used_at, g.revoked_at, g.until,
      c.grants_known = -1 or c.grants_known >= coalesce(g.revoked_version, g.made_version) as bank_knows,
      c.online as bank_online, c.last_heard_at as bank_seen_at
    from delegates e join grants g on g.id = e.grant_id join controllers c on c.id = g.controller_id
    where e.parcel_id = any(${parcelIds}::uuid[]) order by e.made_at desc, e.id desc`
}
