import type { Sql, Tx } from '../postgres/connect.ts'
import type { GrantRow } from './rows.ts'

/** And goes on doing so until the end of this transaction. */
export async function livesAt(tx: Tx, siteId: string, residentId: string): Promise<boolean> {
  const rows = await tx`
    select 1 from residents where id = ${residentId} and site_id = ${siteId} and moved_out_at is null for key share`
  return rows.length > 0
}

/** No two grants that one keypad serves share a code. */
export async function checkIsTaken(tx: Tx, controllerId: string, check: string): Promise<boolean> {
  const rows =
    await tx`select 1 from grants where controller_id = ${controllerId} and means = 'code' and "check" = ${check}`
  return rows.length > 0
}

export async function namesOfDoor(sql: Sql, doorId: string): Promise<{ site: string; door: string }> {
  const [names] = await sql<{ site: string; door: string }[]>`
    select s.name as site, coalesce(d.name, c.name || ' ' || d.door) as door
    from doors d join sites s on s.id = d.site_id join controllers c on c.id = d.controller_id where d.id = ${doorId}`
  return names!
}

export function codesOf(tx: Tx, controllerId: string): Promise<GrantRow[]> {
  return tx<GrantRow[]>`
    select * from grants where controller_id = ${controllerId} and means = 'code' and counter is not null`
}

/** Version 0: the list that goes with the new key is a new one anyway. */
export async function revokeBadges(tx: Tx, controllerId: string, now: Date): Promise<void> {
  await tx`
    update grants set revoked_at = ${now}, revoked_version = 0
    where controller_id = ${controllerId} and means = 'badge' and revoked_at is null`
}

export type Listed = GrantRow & { door: number; version: number }

/**
 * The grants in the present version of a controller's list, read with the version as of one moment; ended ones for as
 * long as the keypad says why. None: it is away, keeps no list, has none, or has a newer one than ours (see settleDoubt).
 */
export function listedGrants(
  sql: Sql,
  controllerId: string,
  endedMs: number,
): Promise<(Listed | { version: number; id: null })[]> {
  return sql<(Listed | { version: number; id: null })[]>`
    select g.*, d.door, c.grants_made as version
    from controllers c
    left join (grants g join doors d on d.id = g.door_id) on g.controller_id = c.id and g.means <> 'order'
      and (g.revoked_at is null or g.revoked_version > c.grants_made)
      and g.until > to_timestamp((c.grants_made - ${endedMs}) / 1000.0)
    where c.id = ${controllerId} and c.online and c.grants_known <> -1 and c.grants_made > 0 and c.doubtful_until is null
    order by g.id`
}

export type OfDoor = GrantRow & { doorKnows: boolean }

/** What the list of a door's controller says or should say of it, the next first; then those ended, for as long as it says why. */
export function grantsOfDoor(
  sql: Sql,
  doorId: string,
  { now, endedMs }: { now: Date; endedMs: number },
): Promise<OfDoor[]> {
  return sql<OfDoor[]>`
    select g.*, (c.grants_known = -1
      or c.grants_known >= coalesce(g.revoked_version, g.made_version)) as door_knows
    from grants g join controllers c on c.id = g.controller_id
    where g.door_id = ${doorId} and g.means <> 'order' and g.until > ${new Date(now.getTime() - endedMs)}
    order by g.until < ${now}, g."from", g.id limit 500`
}

export type Unconfirmed = { id: string; what: 'grants' | 'config'; madeAt: number | null }

/** What connected controllers have not said to be in force. A list's version is the moment it was made, unless ahead of it. */
export function unconfirmed(sql: Sql): Promise<Unconfirmed[]> {
  return sql<Unconfirmed[]>`
    select id, 'grants' as what, grants_made as made_at from controllers
    where online and retired_at is null and grants_known <> -1 and grants_made > grants_known
    union all
    select id, 'config', null from controllers where online and retired_at is null and config_made > config_known`
}

/** Never earlier than it was: parcels may share a grant. */
export async function lastsUntil(tx: Tx, id: string, until: Date): Promise<void> {
  await tx`update grants set until = greatest(until, ${until}) where id = ${id} and revoked_at is null`
}

/** Not one whose use is recorded: it was what collected. */
export async function revokeUnused(
  tx: Tx,
  id: string,
  { revokedAt, revokedVersion }: { revokedAt: Date; revokedVersion: number },
): Promise<void> {
  await tx`
    update grants set revoked_at = ${revokedAt}, revoked_version = ${revokedVersion}
    where id = ${id} and used_at is null and revoked_at is null`
}
