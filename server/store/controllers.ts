import type { Sql, Tx } from '../postgres/connect.ts'
import type { ControllerRow, DoorRow } from './rows.ts'

type NewController = {
  id: string
  siteId: string
  name: string
  passwordMac: Buffer
  codeKeyWrapped: Buffer
  enrolledAt: Date
}

/** False when the id is taken. */
export async function addController(tx: Tx, controller: NewController): Promise<boolean> {
  const made = await tx`insert into controllers ${tx(controller)} on conflict do nothing returning 1`
  return made.length > 0
}

/** Of those that may sign in: retired ones are left out. */
export function enrolledMacs(sql: Sql, ids: string[]): Promise<{ id: string; passwordMac: Buffer }[]> {
  return sql<{ id: string; passwordMac: Buffer }[]>`
    select id, password_mac from controllers where id = any(${ids}::text[]) and retired_at is null`
}

export function wrappedCodeKeys(sql: Sql, ids: string[]): Promise<{ id: string; codeKeyWrapped: Buffer }[]> {
  return sql<{ id: string; codeKeyWrapped: Buffer }[]>`
    select id, code_key_wrapped from controllers where id = any(${ids}::text[])`
}

/** By their numbers. */
export function doorsOf(tx: Tx, controllerId: string): Promise<DoorRow[]> {
  return tx<DoorRow[]>`select * from doors where controller_id = ${controllerId} order by door`
}

export async function holdsParcels(tx: Tx, controllerId: string): Promise<boolean> {
  const rows = await tx`
    select 1 from parcels p join doors d on d.id = p.door_id
    where d.controller_id = ${controllerId} and p.state in ('placing', 'waiting', 'expired', 'contested') limit 1`
  return rows.length > 0
}

/** Nothing can open by its grants any more; version 0: nobody is left who would have to hear of it. */
export async function retireDoors(tx: Tx, controllerId: string, now: Date): Promise<void> {
  await tx`update doors set offer = 'retired', since = ${now} where controller_id = ${controllerId}`
  await tx`
    update grants set revoked_at = ${now}, revoked_version = 0
    where controller_id = ${controllerId} and revoked_at is null and until > ${now}`
}

/** Those not heard of for so long, by the database's clock. */
export async function quietControllers(sql: Sql, quietMs: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from controllers where online and up_at < clock_timestamp() - ${quietMs} * interval '1 millisecond'`
  return rows.map(each => each.id)
}

/** Its site, or undefined when it was heard of meanwhile. */
export async function markQuiet(tx: Tx, id: string, quietMs: number): Promise<string | undefined> {
  const [gone] = await tx<{ siteId: string }[]>`
    update controllers set online = false, away_since = coalesce(away_since, last_heard_at)
    where id = ${id} and online and up_at < clock_timestamp() - ${quietMs} * interval '1 millisecond' returning site_id`
  return gone?.siteId
}

/** After a restart nobody is connected yet; who was is away since it was heard last. */
export async function markAllAway(sql: Sql): Promise<void> {
  await sql`update controllers set online = false, away_since = coalesce(away_since, last_heard_at) where online`
}

/** It is here and said how many events it has, and not all of them are in yet. */
export async function isBehind(tx: Tx, { id, online, journal, last }: ControllerRow): Promise<boolean> {
  if (!online || journal === null) return false
  const rows = await tx`select 1 from journals where controller_id = ${id} and journal = ${journal} and seq < ${last}`
  return rows.length > 0
}

/** Back, and what their absence hid is not settled yet. */
export async function backAgain(sql: Sql): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`select id from controllers where online and away_since is not null`
  return rows.map(each => each.id)
}

export type ForConfig = {
  version: number
  language: string
  timeZone: string
  siteName: string
  quietHours: [from: string, until: string]
}

export async function configuration(sql: Sql, controllerId: string): Promise<ForConfig | undefined> {
  const [row] = await sql<ForConfig[]>`
    select c.config_made as version, s.language, s.time_zone, s.name as site_name,
      array[s.quiet_from, s.quiet_until] as quiet_hours
    from controllers c join sites s on s.id = c.site_id where c.id = ${controllerId}`
  return row
}
