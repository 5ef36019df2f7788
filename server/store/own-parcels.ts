import type { Profile } from '../../schema/api/resident.ts'
import type { Sql, Tx } from '../postgres/connect.ts'

/** What a resident may know of themselves; undefined when there is no such resident. */
export async function profileOf(sql: Sql, id: string): Promise<Profile | undefined> {
  type Row = Omit<Profile, 'site'> & { siteId: string; site: string } & Omit<Profile['site'], 'id' | 'name'>
  const [row] = await sql<Row[]>`
    select r.id, r.name, r.flat, r.member_number, r.needs_low_door > 0 as needs_low_door, r.email, r.phone, r.language,
      r.tell_by, s.id as site_id, s.name as site, s.time_zone, s.extension_days, s.hold_days
    from residents r join sites s on s.id = r.site_id where r.id = ${id}`
  if (!row) return undefined
  const { siteId, site, timeZone, extensionDays, holdDays, ...profile } = row
  return { ...profile, site: { id: siteId, name: site, timeZone, extensionDays, holdDays } }
}

/** Its site, or undefined when there is no such resident. */
export async function setNeedsLowDoor(tx: Tx, id: string, needs: boolean): Promise<string | undefined> {
  const [row] = await tx<{ siteId: string }[]>`
    update residents set needs_low_door = ${needs ? 1 : 0} where id = ${id} returning site_id`
  return row?.siteId
}

export type OwnFacts = {
  id: string
  bank: string | null
  byDelegate: boolean
  heldUntil: string | null
  extensionsLeft: number
  pickupGrantId: string | null
}

export function ownFacts(sql: Sql, residentId: string): Promise<OwnFacts[]> {
  return sql<OwnFacts[]>`
    select p.id, c.name as bank, p.by_delegate, p.held_until, greatest(0, s.extensions - p.extensions) as extensions_left,
      p.pickup_grant_id
    from parcels p left join doors d on d.id = p.door_id left join controllers c on c.id = d.controller_id
    join sites s on s.id = p.site_id where p.resident_id = ${residentId}`
}
