import type { Sql, Tx } from '../postgres/connect.ts'
import type { ParcelRow } from './rows.ts'

/** What should lie in a box, as far as is known. */
export async function parcelInside(tx: Tx, doorId: string): Promise<ParcelRow | undefined> {
  const [parcel] = await tx<ParcelRow[]>`
    select * from parcels where door_id = ${doorId} and state in ('waiting', 'expired', 'contested')
    order by made_at desc limit 1`
  return parcel
}

type Ids = { id: string }[]
const idsOf = (rows: Ids): string[] => rows.map(each => each.id)

/** Opened, or else asked for, before then and still not said to be deposited. */
export async function placingSince(sql: Sql, before: Date): Promise<string[]> {
  return idsOf(
    await sql<Ids>`
    select id from parcels where state = 'placing' and coalesce(opened_at, made_at) < ${before} limit 200`,
  )
}

/** Collected before then from a box of which its sensor has not said what is left. The last parcel of a box settles it. */
export async function notSeenSince(sql: Sql, before: Date): Promise<string[]> {
  return idsOf(
    await sql<Ids>`
    select p.id from doors d cross join lateral (
      select * from parcels where door_id = d.id order by made_at desc limit 1) p
    where d.offer = 'in-use' and d.kind = 'compartment'
      and p.state = 'collected' and p.step = 'closed' and p.ended_at < ${before} limit 200`,
  )
}

/** Not while its bank is away, or was and the deadlines that this hid are not moved yet. */
export async function overdueParcels(sql: Sql, now: Date): Promise<string[]> {
  return idsOf(
    await sql<Ids>`
    select p.id from parcels p left join doors d on d.id = p.door_id left join controllers c on c.id = d.controller_id
    where p.state = 'waiting' and p.deadline_at < ${now}
      and (c.id is null or c.retired_at is not null or (c.online and c.away_since is null)) limit 200`,
  )
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

/** Whether its box was given to another parcel since: one that should lie in it now. */
export async function liveBeside(tx: Tx, { id, doorId }: Pick<ParcelRow, 'id' | 'doorId'>): Promise<boolean> {
  const others = await tx`
    select 1 from parcels where door_id = ${doorId} and id <> ${id}
      and state in ('placing', 'waiting', 'expired', 'contested') limit 1`
  return others.length > 0
}
