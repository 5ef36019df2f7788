import type { ParcelView } from '../../schema/api/timeline.ts'
import type { OrderView, WallController, WallDoor } from '../../schema/api/wall.ts'
import type { Sql } from '../postgres/connect.ts'

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

type DoorRow = Omit<WallDoor, 'since' | 'parcel' | 'alarm'> & {
  since: Date
  alarm: 'forced' | 'held-open' | null
  alarmAt: Date | null
  parcelId: string | null
  parcelState: string
  receipt: string
  placedAt: Date | null
  deadlineAt: Date | null
  notSeen: boolean
  unconfirmed: boolean
}

/** The wall of a site, or some doors of it: what lies where, without a name; of a contested box also what lay there last. */
export async function wallDoors(sql: Sql, siteId: string, ids?: string[]): Promise<WallDoor[]> {
  const rows = await sql<DoorRow[]>`
    select d.id, d.controller_id, d.door, d.kind, d.size, d.height, d.name, d."column", d."row", d.offer, d.state, d.occupied, d.mode, d.alarm, d.alarm_at, d.since,
      (select said->>'withoutPower' from controllers c, jsonb_array_elements(c.doors_said) said
        where d.kind = 'room' and c.id = d.controller_id and (said->>'door')::int = d.door limit 1) as without_power,
      p.id as parcel_id, p.state as parcel_state, p.receipt, p.placed_at, p.deadline_at, p.not_seen, p.unconfirmed
    from doors d
    left join lateral (
      select * from (
        (select true as inside, * from parcels p where p.door_id = d.id
          and (p.state in ('placing', 'waiting', 'expired') or (p.state = 'contested' and d.offer in ('contested', 'in-use')))
          order by p.state = 'placing' desc, p.joined_to is not null, p.made_at desc limit 1)
        union all
        (select false, * from parcels p where p.door_id = d.id and d.offer = 'contested' order by p.made_at desc limit 1)
      ) found order by inside desc limit 1) p on true
    where d.site_id = ${siteId} ${ids ? sql`and d.id = any(${ids}::uuid[])` : sql``}
    order by d.controller_id, d.door`
  return rows.map(row => wallDoor(row))
}

function wallDoor({ alarm, alarmAt, since, ...row }: DoorRow): WallDoor {
  const { parcelId, parcelState, receipt, placedAt, deadlineAt, notSeen, unconfirmed, ...door } = row
  return {
    ...door,
    alarm: alarm && alarmAt ? { kind: alarm, at: alarmAt.toISOString() } : null,
    since: since.toISOString(),
    parcel: parcelId
      ? {
          id: parcelId,
          state: parcelState,
          receipt,
          placedAt: iso(placedAt),
          deadlineAt: iso(deadlineAt),
          notSeen,
          unconfirmed,
        }
      : null,
  }
}

type ControllerRow = {
  id: string
  siteId: string
  name: string
  online: boolean
  lastHeardAt: Date | null
  firmware: string | null
  clock: string | null
  clockSetBy: number | null
  clockSetAt: Date | null
  journal: string | null
  seq: number | null
  waiting: number
  grantsMade: number
  grantsKnown: number
  configMade: number
  configKnown: number
  suspect: number
  doubtfulUntil: number | null
  doorsDiffer: string | null
  retiredAt: Date | null
}

/** `siteIds` null: every site. */
export async function wallControllers(
  sql: Sql,
  { siteIds, ids }: { siteIds: string[] | null; ids?: string[] },
): Promise<WallController[]> {
  const rows = await sql<ControllerRow[]>`
    select c.id, c.site_id, c.name, c.online, c.last_heard_at, c.firmware, c.clock, c.clock_set_by, c.clock_set_at, c.journal, j.seq,
      greatest(0, c.last - coalesce(j.seq, c.last)) as waiting,
      c.grants_made, c.grants_known, c.config_made, c.config_known, c.retired_at, c.doubtful_until, c.doors_differ,
      (select count(*)::int from history h
        where h.site_id = c.site_id and h.controller_id = c.id and h.suspect is not null
          and not exists (select 1 from settlements s where s.site_id = h.site_id and s.n = h.n)) as suspect
    from controllers c
    left join journals j on j.controller_id = c.id and j.journal = c.journal
    where true ${siteIds ? sql`and c.site_id = any(${siteIds}::uuid[])` : sql``}
      ${ids ? sql`and c.id = any(${ids}::text[])` : sql``}
    order by c.id`
  return rows.map(row => ({
    id: row.id,
    siteId: row.siteId,
    name: row.name,
    online: row.online,
    lastSeenAt: iso(row.lastHeardAt),
    firmware: row.firmware,
    clock: row.clock,
    clockSet: row.clockSetAt && { by: row.clockSetBy ?? 0, at: row.clockSetAt.toISOString() },
    acked: row.journal === null ? null : { journal: row.journal, seq: row.seq ?? 0 },
    waiting: row.waiting,
    grantsVersion: { made: row.grantsMade, known: row.grantsKnown },
    configVersion: { made: row.configMade, known: row.configKnown },
    suspect: row.suspect,
    doubtful: row.doubtfulUntil !== null,
    doorsDiffer: row.doorsDiffer,
    retiredAt: iso(row.retiredAt),
  }))
}

type Moments = 'madeAt' | 'deadlineAt' | 'acceptedAt' | 'unlockedAt' | 'openedAt'
type OrderRow = Omit<OrderView, 'reason' | Moments> & {
  siteId: string
  refusedReason: string | null
  madeAt: Date
  deadlineAt: Date
} & Record<'acceptedAt' | 'unlockedAt' | 'openedAt', Date | null>

export async function orderViews(sql: Sql, ids: string[]): Promise<(OrderView & { siteId: string })[]> {
  const rows = await sql<OrderRow[]>`
    select id, site_id, controller_id, door_id, type, mode, for_ms, state, refused_reason, made_by, made_at, deadline_at, accepted_at,
      unlocked_at, opened_at, late
    from orders where id = any(${ids}::uuid[])`
  return rows.map(({ refusedReason, ...row }) => ({
    ...row,
    reason: refusedReason,
    madeAt: row.madeAt.toISOString(),
    deadlineAt: row.deadlineAt.toISOString(),
    acceptedAt: iso(row.acceptedAt),
    unlockedAt: iso(row.unlockedAt),
    openedAt: iso(row.openedAt),
  }))
}

export async function parcelChanges(sql: Sql, ids: string[]) {
  return sql<{ id: string; state: string; doorId: string | null; carrierId: string | null; residentId: string }[]>`
    select id, state, door_id, carrier_id, resident_id from parcels where id = any(${ids}::uuid[])`
}

type ParcelRow = Omit<ParcelView, 'timeline' | 'madeAt' | 'openedAt' | 'placedAt' | 'deadlineAt' | 'endedAt'> & {
  residentId: string
  carrierId: string | null
  madeAt: Date
  openedAt: Date | null
  placedAt: Date | null
  deadlineAt: Date | null
  endedAt: Date | null
}

export type OneParcel = Omit<ParcelView, 'timeline'> & { residentId: string; carrierId: string | null }

export async function parcelsWhere(
  sql: Sql,
  by: { id: string } | { receipt: string } | { residentId: string },
): Promise<OneParcel[]> {
  const match =
    'id' in by
      ? sql`p.id = ${by.id}`
      : 'receipt' in by
        ? sql`p.receipt = ${by.receipt}`
        : sql`p.resident_id = ${by.residentId}`
  const rows = await sql<ParcelRow[]>`
    select p.id, p.site_id, p.receipt, p.state, p.size, p.door_id, d.door, d.controller_id, p.shelf, p.joined_to,
      coalesce(p.carrier, k.name) as carrier, p.tracking, p.not_seen,
      p.unconfirmed, p.made_at, p.opened_at, p.placed_at, p.deadline_at, p.ended_at, p.resident_id, p.carrier_id
    from parcels p left join doors d on d.id = p.door_id left join carriers k on k.id = p.carrier_id
    where ${match} order by p.made_at desc limit 100`
  return rows.map(row => ({
    ...row,
    madeAt: row.madeAt.toISOString(),
    openedAt: iso(row.openedAt),
    placedAt: iso(row.placedAt),
    deadlineAt: iso(row.deadlineAt),
    endedAt: iso(row.endedAt),
  }))
}

export type Thing =
  | 'doors'
  | 'controllers'
  | 'parcels'
  | 'grants'
  | 'orders'
  | 'residents'
  | 'carriers'
  | 'audits'
  | 'notices'
  | 'alerts'
  | 'rooms'
  | 'bookings'
  | 'workshops'

export async function siteOf(sql: Sql, thing: Thing, id: string): Promise<string | undefined> {
  const [row] = await sql<{ siteId: string }[]>`select site_id from ${sql(thing)} where id = ${id}`
  return row?.siteId
}

export async function sitesFor(sql: Sql, siteIds: string[] | null) {
  return sql<{ id: string; name: string; language: string; timeZone: string }[]>`
    select id, name, language, time_zone from sites
    where true ${siteIds ? sql`and id = any(${siteIds}::uuid[])` : sql``} order by name`
}

export async function pickupGrantOf(sql: Sql, parcelId: string): Promise<string | undefined> {
  const [row] = await sql<
    { pickupGrantId: string | null }[]
  >`select pickup_grant_id from parcels where id = ${parcelId}`
  return row?.pickupGrantId ?? undefined
}

export async function isOnline(sql: Sql, controllerId: string): Promise<boolean> {
  const [row] = await sql<{ online: boolean }[]>`select online from controllers where id = ${controllerId}`
  return row?.online === true
}
