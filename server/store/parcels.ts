import type { Sql, Tx } from '../postgres/connect.ts'
import type { ParcelRow } from './rows.ts'

/** What should lie in a box, as far as is known; first the one that others were laid beside. */
export function parcelsInside(tx: Tx, doorId: string): Promise<ParcelRow[]> {
  return tx<ParcelRow[]>`
    select * from parcels where door_id = ${doorId} and state in ('waiting', 'expired', 'contested')
    order by joined_to is not null, made_at desc`
}

/** Whether another parcel than this one is contested in its box. */
export async function isContestedBeside(tx: Tx, { id, doorId }: Pick<ParcelRow, 'id' | 'doorId'>): Promise<boolean> {
  const rows = await tx`
    select 1 from parcels where door_id = ${doorId} and id <> ${id} and state = 'contested' limit 1`
  return rows.length > 0
}

/** A courier is at it: also when it was contested meanwhile. */
export async function isBeingUsed(tx: Tx, doorId: string): Promise<boolean> {
  const rows = await tx`select 1 from parcels where door_id = ${doorId} and state = 'placing' limit 1`
  return rows.length > 0
}

/** What was laid beside a parcel, whatever became of it. */
export function laidBeside(tx: Tx, { id, doorId }: Pick<ParcelRow, 'id' | 'doorId'>): Promise<ParcelRow[]> {
  return tx<ParcelRow[]>`select * from parcels where door_id = ${doorId} and joined_to = ${id} order by made_at`
}

/** They go on with the parcel that they were laid beside: of themselves there is nothing to say. */
export function setJoined(tx: Tx, ids: string[], to: Pick<ParcelRow, 'state' | 'endedAt'>): Promise<ParcelRow[]> {
  return tx<ParcelRow[]>`
    update parcels set state = ${to.state}, ended_at = ${to.endedAt}, reason = null
    where id = any(${ids}::uuid[]) returning *`
}

/** The code of a parcel and of what lies beside it. */
export async function setPickup(tx: Tx, first: { id: string; doorId: string }, grantId: string): Promise<void> {
  await tx`
    update parcels set pickup_grant_id = ${grantId}
    where door_id = ${first.doorId} and (id = ${first.id} or joined_to = ${first.id})`
}

type Ids = { id: string }[]
const idsOf = (rows: Ids): string[] => rows.map(each => each.id)

/** Opened, or else asked for, before then and still not said to be deposited, or to be taken back. */
export async function placingSince(sql: Sql, before: Date): Promise<string[]> {
  return idsOf(
    await sql<Ids>`
    select id from parcels where state = 'placing' and coalesce(opened_at, made_at) < ${before}
    union all
    select id from parcels where state = 'expired' and step in ('taking', 'took') and opened_at < ${before} limit 200`,
  )
}

/**
 * Collected before then from a box of which its sensor has not said what is left, or that was unlocked again and not
 * opened. The last parcel of a box settles it, unless an earlier one waits there after all; one that was cancelled has
 * nothing to do with a box that is in use.
 */
export async function notSeenSince(sql: Sql, before: Date): Promise<string[]> {
  return idsOf(
    await sql<Ids>`
    select p.id from doors d cross join lateral (
      select * from parcels where door_id = d.id and joined_to is null and state <> 'cancelled'
      order by made_at desc limit 1) p
    where d.offer = 'in-use' and d.kind = 'compartment'
      and p.state = 'collected' and p.step in ('unlocked', 'closed') and p.ended_at < ${before}
      and not exists (select 1 from parcels where door_id = d.id and state in ('waiting', 'expired')) limit 200`,
  )
}

/** Not while its bank is away, or was and the deadlines that this hid are not moved yet. What lies beside another follows it. */
export async function overdueParcels(sql: Sql, now: Date): Promise<{ id: string; inBox: boolean }[]> {
  return sql<{ id: string; inBox: boolean }[]>`
    select p.id, p.door_id is not null as in_box
    from parcels p left join doors d on d.id = p.door_id left join controllers c on c.id = d.controller_id
    where p.state = 'waiting' and p.deadline_at < ${now} and p.joined_to is null
      and (c.id is null or c.retired_at is not null or c.online and c.away_since is null) limit 200`
}

export async function parcelsToRemind(sql: Sql, now: Date): Promise<string[]> {
  return idsOf(await sql<Ids>`select id from parcels where state = 'waiting' and remind_at <= ${now} limit 200`)
}

/** Those whose deadline lay ahead when their bank went away. */
export function hiddenParcels(tx: Tx, controllerId: string, awaySince: Date): Promise<ParcelRow[]> {
  return tx<ParcelRow[]>`
    select p.* from parcels p join doors d on d.id = p.door_id
    where d.controller_id = ${controllerId} and p.state = 'waiting' and p.deadline_at > ${awaySince} order by p.id`
}

type Beside = { controllerId: string; residentId: string; carrierId: string; from: Date }
type BoxBeside = { parcelId: string; id: string; door: number; size: 'S' | 'M' | 'L' | 'XL'; offer: string }

/** The box in which the same carrier has a parcel waiting for the same flat until `from` or longer, and nothing is wrong. */
export async function boxBeside(tx: Sql | Tx, { controllerId, residentId, carrierId, from }: Beside) {
  const [box] = await tx<BoxBeside[]>`
    select p.id as parcel_id, d.id, d.door, d.size, d.offer
    from residents r join residents h on h.site_id = r.site_id and lower(h.flat) = lower(r.flat)
    join parcels p on p.resident_id = h.id join doors d on d.id = p.door_id
    where r.id = ${residentId} and d.controller_id = ${controllerId} and p.carrier_id = ${carrierId}
      and p.state = 'waiting' and p.joined_to is null and p.deadline_at >= ${from} and p.step = 'nothing'
      and d.offer = 'in-use' and d.state not in ('open', 'jammed') and d.mode <> 'locked'
    order by p.made_at desc limit 1`
  return box
}

export async function setDeadlineBeside(
  tx: Tx,
  first: Pick<ParcelRow, 'id' | 'doorId'>,
  deadlineAt: Date,
): Promise<void> {
  await tx`update parcels set deadline_at = ${deadlineAt} where door_id = ${first.doorId} and joined_to = ${first.id}`
}

/** For what lies on the shelf, and for what no device moves: a parcel in a box is held by its controller's row. */
export async function lockParcel(tx: Tx, id: string): Promise<ParcelRow | undefined> {
  const [parcel] = await tx<ParcelRow[]>`select * from parcels where id = ${id} for update`
  return parcel
}

type Overdue = {
  id: string
  receipt: string
  tracking: string | null
  size: 'S' | 'M' | 'L' | 'XL'
  deadlineAt: Date
  door: number | null
  controllerId: string | null
  shelf: string | null
}

/** What a carrier has to take back, door by door; what lies beside another is taken with it. */
export function toTakeBack(sql: Sql, { siteId, carrierId }: { siteId: string; carrierId: string | null }) {
  return sql<Overdue[]>`
    select p.id, p.receipt, p.tracking, p.size, p.deadline_at, d.door, d.controller_id, p.shelf
    from parcels p left join doors d on d.id = p.door_id
    where p.site_id = ${siteId} and p.state = 'expired' and p.joined_to is null
      ${carrierId === null ? sql`` : sql`and p.carrier_id = ${carrierId}`}
    order by d.controller_id, d.door, p.made_at limit 100`
}

/** How many parcels a carrier brought; what was called off was not. */
export async function parcelsBrought(
  sql: Sql,
  by: { siteId: string; carrierId: string; since: Date },
): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from parcels
    where site_id = ${by.siteId} and made_at > ${by.since} and carrier_id = ${by.carrierId} and state <> 'cancelled'`
  return row!.n
}

/** Whether its box was given to another parcel since: one that should lie in it now. */
export async function liveBeside(tx: Tx, { id, doorId }: Pick<ParcelRow, 'id' | 'doorId'>): Promise<boolean> {
  const others = await tx`
    select 1 from parcels where door_id = ${doorId} and id <> ${id} and joined_to is distinct from ${id}
      and state in ('placing', 'waiting', 'expired', 'contested') limit 1`
  return others.length > 0
}

/** Whether another parcel shares its box and its code. */
export async function sharesBox(tx: Tx, { id, doorId, joinedTo }: ParcelRow): Promise<boolean> {
  const others = await tx`
    select 1 from parcels where door_id = ${doorId} and id <> ${id}
      and (joined_to = ${id} or id = ${joinedTo} or joined_to = ${joinedTo})
      and state in ('placing', 'waiting', 'expired', 'contested') limit 1`
  return others.length > 0
}
