import type { Sql, Tx } from '../postgres/connect.ts'
import type { Channel } from './notices.ts'

type NewResident = {
  id: string
  siteId: string
  name: string
  flat: string
  memberNumber: string
  pinHash: string
  needsLowDoor: boolean
  createdAt: Date
} & Contact

/** Addresses are kept here only: not in the history, not in a log. */
export type Contact = { email: string | null; phone: string | null; language: string | null; tellBy: Channel[] }

/** False when the member number is somebody's already. */
export async function addResident(tx: Tx, resident: NewResident): Promise<boolean> {
  const row = { ...resident, needsLowDoor: resident.needsLowDoor ? 1 : 0 }
  const made = await tx`insert into residents ${tx(row)} on conflict (member_number) do nothing returning 1`
  return made.length > 0
}

/** Its site, or undefined when there is no such resident. */
export async function changeContactOf(tx: Tx, id: string, contact: Contact): Promise<string | undefined> {
  const [row] = await tx<{ siteId: string }[]>`
    update residents set ${tx(contact)} where id = ${id} returning site_id`
  return row?.siteId
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

export function neighbours(sql: Sql, siteId: string): Promise<{ id: string; name: string; flat: string }[]> {
  return sql`select id, name, flat from residents where site_id = ${siteId} order by flat, id`
}
