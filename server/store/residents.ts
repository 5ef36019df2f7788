import type { Sql, Tx } from '../postgres/connect.ts'

type NewResident = {
  id: string
  siteId: string
  name: string
  flat: string
  memberNumber: string
  pinHash: string
  needsLowDoor: boolean
  createdAt: Date
}

/** False when the member number is somebody's already. */
export async function addResident(tx: Tx, resident: NewResident): Promise<boolean> {
  const { id, siteId, name, flat, memberNumber, pinHash, needsLowDoor, createdAt } = resident
  const made = await tx`
    insert into residents (id, site_id, name, flat, member_number, pin_hash, needs_low_door, created_at)
    values (${id}, ${siteId}, ${name}, ${flat}, ${memberNumber}, ${pinHash}, ${needsLowDoor ? 1 : 0}, ${createdAt})
    on conflict (member_number) do nothing returning 1`
  return made.length > 0
}

export type FoundResident = { id: string; siteId: string; name: string; flat: string; memberNumber: string }

export function residentsLike(sql: Sql, siteId: string, q: string): Promise<FoundResident[]> {
  const like = `%${q.trim().replace(/[\\%_]/g, '\\$&')}%`
  return sql<FoundResident[]>`
    select id, site_id, name, flat, member_number from residents
    where site_id = ${siteId} and (name ilike ${like} or flat ilike ${like} or member_number like ${like})
    order by name, id limit 50`
}

type Receiver = { id: string; needsLowDoor: boolean }

/** Whom a parcel is for, by id or by flat. */
export async function receiverAt(
  sql: Sql | Tx,
  siteId: string,
  { residentId, flat }: { residentId?: string | undefined; flat?: string | undefined },
): Promise<Receiver | undefined> {
  const [row] = await sql<Receiver[]>`
    select id, needs_low_door > 0 as needs_low_door from residents where site_id = ${siteId}
      and ${residentId ? sql`id = ${residentId}` : sql`lower(flat) = lower(${flat?.trim() ?? ''})`}
    order by id limit 1`
  return row
}
