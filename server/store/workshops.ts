import type { OwnWorkshop } from '../../schema/api/workshops.ts'
import type { workshopSeats, workshops } from '../../schema/tables/index.ts'
import type { Sql, Tx } from '../postgres/connect.ts'

export type WorkshopRow = typeof workshops.$inferSelect
export type SeatRow = typeof workshopSeats.$inferSelect

export async function addWorkshop(tx: Tx, workshop: WorkshopRow): Promise<void> {
  await tx`insert into workshops ${tx(workshop)}`
}

export async function workshopById(sql: Sql | Tx, id: string): Promise<WorkshopRow | undefined> {
  const [row] = await sql<WorkshopRow[]>`select * from workshops where id = ${id}`
  return row
}

export function seatsOf(tx: Tx, workshopId: string): Promise<SeatRow[]> {
  return tx<SeatRow[]>`
    select * from workshop_seats where workshop_id = ${workshopId} and state = 'signed-up' order by made_at, resident_id`
}

/** Somebody who left may sign up again: their row is used again. */
export async function takeSeat(tx: Tx, seat: SeatRow): Promise<void> {
  const { workshopId, residentId, ...now } = seat
  await tx`
    insert into workshop_seats ${tx(seat)} on conflict (workshop_id, resident_id) do update set ${tx(now)}`
}

export async function leaveSeat(tx: Tx, { workshopId, residentId }: SeatRow): Promise<void> {
  await tx`
    update workshop_seats set state = 'cancelled'
    where workshop_id = ${workshopId} and resident_id = ${residentId}`
}

/** With the places of the room that it held. */
export async function cancelWorkshopRow(tx: Tx, id: string): Promise<void> {
  await tx`update workshops set state = 'cancelled' where id = ${id}`
  await tx`update bookings set state = 'cancelled' where workshop_id = ${id}`
}

/** The grant of this person's own entry: as its host, or by their seat. */
export async function entryGrantOf(
  sql: Sql,
  { id, residentId }: { id: string; residentId: string },
): Promise<string | undefined> {
  const [row] = await sql<{ grantId: string }[]>`
    select grant_id from workshops where id = ${id} and host_id = ${residentId}
    union all
    select grant_id from workshop_seats where workshop_id = ${id} and resident_id = ${residentId} and state = 'signed-up'`
  return row?.grantId
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

/** What is announced at a resident's site and has not ended; cancelled ones only if they were to come to it. */
export async function workshopsFor(sql: Sql, residentId: string, now: Date): Promise<OwnWorkshop[]> {
  type Moments = 'from' | 'until' | 'opensAt' | 'doorSeenAt'
  type Row = Omit<OwnWorkshop, Moments> & { from: Date; until: Date; opensAt: Date | null; doorSeenAt: Date | null }
  const rows = await sql<Row[]>`
    with mine as (
      select id as workshop_id, 'host' as mine, means, grant_id from workshops where host_id = ${residentId}
      union all
      select workshop_id, 'seat', means, grant_id from workshop_seats
      where resident_id = ${residentId} and state = 'signed-up')
    select w.id, w.room_id, r.name as room, w.title, w."from", w.until, w.places, w.state,
      w.places - (select count(*)::int from workshop_seats where workshop_id = w.id and state = 'signed-up') as free,
      m.mine, m.means, g."from" as opens_at,
      c.grants_known = -1 or c.grants_known >= coalesce(g.revoked_version, g.made_version) as door_knows, c.online as door_online,
      c.last_heard_at as door_seen_at
    from residents p join workshops w on w.site_id = p.site_id join rooms r on r.id = w.room_id
    join doors d on d.id = r.door_id join controllers c on c.id = d.controller_id
    left join mine m on m.workshop_id = w.id left join grants g on g.id = m.grant_id
    where p.id = ${residentId} and w.until > ${now} and (w.state = 'announced' or m.mine is not null)
    order by w."from", w.id`
  return rows.map(({ opensAt, doorSeenAt, ...row }) => ({
    ...row,
    doorKnows: row.mine === null ? null : row.doorKnows,
    from: row.from.toISOString(),
    until: row.until.toISOString(),
    opensAt: iso(opensAt),
    doorSeenAt: iso(doorSeenAt),
  }))
}
