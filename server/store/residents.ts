import type { FoundResident, Resident } from '../../schema/api/residents.ts'
import type { Sql, Tx } from '../postgres/connect.ts'
import type { Channel } from './notices.ts'

export type NewResident = {
  id: string
  siteId: string
  name: string
  flat: string
  memberNumber: string
  pinHash: string | null
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

type Found = Omit<FoundResident, 'movedOutAt'> & { movedOutAt: Date | null }
export type Finding = {
  siteId: string
  q: string
  /** also those who moved out */
  movedOut: boolean
  after: string | undefined
  limit: number
}

/** By name; `after` is the id of the last one of the page before. */
export async function residentsLike(
  sql: Sql,
  { siteId, q, movedOut, after, limit }: Finding,
): Promise<FoundResident[]> {
  const like = `%${q.trim().replace(/[\\%_]/g, '\\$&')}%`
  const rows = await sql<Found[]>`
    select id, site_id, name, flat, member_number, moved_out_at from residents
    where site_id = ${siteId} and (name ilike ${like} or flat ilike ${like} or member_number like ${like})
      ${movedOut ? sql`` : sql`and moved_out_at is null`}
      ${after ? sql`and (name, id) > (select name, id from residents where id = ${after})` : sql``}
    order by name, id limit ${limit}`
  return rows.map(row => ({ ...row, movedOutAt: row.movedOutAt?.toISOString() ?? null }))
}

export async function residentById(sql: Sql, id: string): Promise<Resident | undefined> {
  type Row = Omit<Resident, 'movedOutAt'> & { movedOutAt: Date | null }
  const [row] = await sql<Row[]>`
    select id, site_id, name, flat, member_number, moved_out_at, needs_low_door > 0 as needs_low_door, email, phone, language,
      tell_by, pin_hash is not null as has_pin
    from residents where id = ${id}`
  return row && { ...row, movedOutAt: row.movedOutAt?.toISOString() ?? null }
}

type Held = { siteId: string; name: string; flat: string; needsLowDoor: boolean; movedOutAt: Date | null } & Contact

/** Whoever books or lays in something for them meanwhile waits, or is waited for. */
export async function holdResident(tx: Tx, id: string): Promise<Held | undefined> {
  const [row] = await tx<Held[]>`
    select site_id, name, flat, needs_low_door > 0 as needs_low_door, moved_out_at, email, phone, language, tell_by
    from residents where id = ${id} for update`
  return row
}

type Patch = Partial<{
  name: string
  flat: string
  needsLowDoor: number
  pinHash: string
  movedOutAt: Date
  email: string | null
  phone: string | null
  language: string | null
  tellBy: Channel[]
}>
export async function changeResidentRow(tx: Tx, id: string, patch: Patch): Promise<{ memberNumber: string }> {
  const [row] = await tx<{ memberNumber: string }[]>`
    update residents set ${tx(patch)} where id = ${id} returning member_number`
  return row!
}

type Receiver = { id: string; needsLowDoor: boolean }

/** Whom a parcel is for, by id or by flat; they do not move out before the end of this transaction. */
export async function receiverAt(
  sql: Tx,
  siteId: string,
  { residentId, flat }: { residentId?: string | undefined; flat?: string | undefined },
): Promise<Receiver | undefined> {
  const [row] = await sql<Receiver[]>`
    select id, needs_low_door > 0 as needs_low_door from residents where site_id = ${siteId}
      and ${residentId ? sql`id = ${residentId}` : sql`lower(flat) = lower(${flat?.trim() ?? ''})`}
      and moved_out_at is null
    order by id limit 1 for key share`
  return row
}

/** Who lives there. */
export function neighbours(sql: Sql | Tx, siteId: string): Promise<{ id: string; name: string; flat: string }[]> {
  return sql`select id, name, flat from residents where site_id = ${siteId} and moved_out_at is null order by flat, id`
}

/** Until the end of this transaction nobody else adds many at once. */
export async function lockResidentsOf(tx: Tx, siteId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`residents:${siteId}`}, 0))`
}

/** In one statement; the ids of those whose member number was nobody's. */
export async function addResidents(tx: Tx, people: NewResident[]): Promise<string[]> {
  const rows = people.map(each => ({
    ...{ id: each.id, site_id: each.siteId, name: each.name, flat: each.flat, member_number: each.memberNumber },
    ...{ needs_low_door: each.needsLowDoor ? 1 : 0, email: each.email, phone: each.phone, language: each.language },
    ...{ tell_by: each.tellBy, created_at: each.createdAt },
  }))
  const added = await tx<{ id: string }[]>`
    insert into residents (id, site_id, name, flat, member_number, needs_low_door, email, phone, language, tell_by, created_at)
    select id, site_id, name, flat, member_number, needs_low_door, email, phone, language, tell_by, created_at
    from jsonb_populate_recordset(null::residents, ${JSON.stringify(rows)}::text::jsonb)
    on conflict (member_number) do nothing returning id`
  return added.map(each => each.id)
}

type Addresses = Contact & { flat: string; name: string; memberNumber: string; needsLowDoor: boolean }

export function addressesOf(sql: Sql, siteId: string): Promise<Addresses[]> {
  return sql<Addresses[]>`
    select flat, name, member_number, email, phone, language, tell_by, needs_low_door > 0 as needs_low_door
    from residents where site_id = ${siteId} and moved_out_at is null order by flat, name, id`
}
