import type { DayBooking, Names, OwnBooking } from '../../schema/api/rooms.ts'
import type { bookings } from '../../schema/tables/index.ts'
import type { Sql, Tx } from '../postgres/connect.ts'

export type BookingRow = typeof bookings.$inferSelect
type Span = { from: Date; until: Date }

/** What holds places of a room at any moment of that time, the buffers counted. */
export function heldPlaces(
  sql: Sql | Tx,
  roomId: string,
  { from, until, but = null }: Span & { but?: string | null },
): Promise<{ place: number; from: Date; heldUntil: Date }[]> {
  return sql<{ place: number; from: Date; heldUntil: Date }[]>`
    select place, "from", held_until from bookings
    where room_id = ${roomId} and state in ('booked', 'kept') and "from" < ${until} and held_until > ${from}
      and id is distinct from ${but}::uuid`
}

export async function addBookings(tx: Tx, rows: BookingRow[]): Promise<void> {
  await tx`insert into bookings ${tx(rows)}`
}

export async function changeBookingRow(tx: Tx, id: string, patch: Partial<BookingRow>): Promise<void> {
  await tx`update bookings set ${tx(patch as never)} where id = ${id}`
}

/** A workshop's row is none that a person has. */
export async function bookingById(sql: Sql | Tx, id: string): Promise<BookingRow | undefined> {
  const [row] = await sql<BookingRow[]>`select * from bookings where id = ${id} and workshop_id is null`
  return row
}

/** What still holds, or will, from then on; a workshop once, however many places it holds. */
export function comingBookings(tx: Tx, roomId: string, now: Date): Promise<(Span & { id: string })[]> {
  return tx<(Span & { id: string })[]>`
    select id, "from", until from bookings
    where room_id = ${roomId} and state in ('booked', 'kept') and until > ${now}
      and (workshop_id is null or place = 1) order by "from", id`
}

type Moments = 'from' | 'until' | 'doorSeenAt'
type Known = { doorSeenAt: Date | null } & Span

const iso = (at: Date | null): string | null => at?.toISOString() ?? null
const told = <Row extends Known>({ from, until, doorSeenAt, ...row }: Row) => ({
  ...row,
  from: from.toISOString(),
  until: until.toISOString(),
  doorSeenAt: iso(doorSeenAt),
})

const known = (sql: Sql) => sql`
  (c.grants_known = -1 or c.grants_known >= coalesce(g.revoked_version, g.made_version)) as door_knows, c.online as door_online, c.last_heard_at as door_seen_at`

/** Of one resident, or one of them: what is to come, and what ended after `since`. */
export async function ownBookings(
  sql: Sql,
  by: { residentId: string; since: Date } | { id: string },
): Promise<OwnBooking[]> {
  type Row = Omit<OwnBooking, Moments | 'opensAt'> & Known & { opensAt: Date }
  const which = 'id' in by ? sql`b.id = ${by.id}` : sql`b.resident_id = ${by.residentId} and b.until > ${by.since}`
  const rows = await sql<Row[]>`
    select b.id, b.room_id, r.name as room, b.place, r.places, b."from", b.until, g."from" as opens_at, b.state, b.means,
      ${known(sql)}
    from bookings b join rooms r on r.id = b.room_id join grants g on g.id = b.grant_id
    join controllers c on c.id = g.controller_id
    where ${which} order by b."from", b.id`
  return rows.map(row => ({ ...told(row), opensAt: row.opensAt.toISOString() }))
}

/** What stands in a room's book for a time, without names; a workshop once, however many places it holds. */
export async function bookingsOfDay(sql: Sql, roomId: string, { from, until }: Span): Promise<DayBooking[]> {
  const rows = await sql<(Omit<DayBooking, Moments> & Known)[]>`
    select b.id, b.place, b."from", b.until, b.state, b.means, b.workshop_id, w.title,
      g.used_at is not null or exists (select 1 from workshop_seats e join grants s on s.id = e.grant_id
        where e.workshop_id = w.id and s.used_at is not null) as entered,
      ${known(sql)}
    from bookings b left join workshops w on w.id = b.workshop_id join grants g on g.id = coalesce(b.grant_id, w.grant_id)
    join controllers c on c.id = g.controller_id
    where b.room_id = ${roomId} and b."from" < ${until} and b.until > ${from} and (b.workshop_id is null or b.place = 1)
    order by b."from", b.place, b.id`
  return rows.map(told)
}

export type NameRow = Omit<Names['items'][number], 'from' | 'until' | 'inside'> & Span & { grantId: string }

/** Who they are: members, hosts, those who signed up, and whom a caretaker gave an entry of their own. */
export function namesOfDay(sql: Sql | Tx, roomId: string, { from, until }: Span): Promise<NameRow[]> {
  return sql<NameRow[]>`
    with come as (
      select b.id as booking_id, null::uuid as workshop_id, 'member' as "as", b.resident_id, b."from", b.until, b.state, b.grant_id
      from bookings b where b.room_id = ${roomId} and b.workshop_id is null
      union all
      select null, w.id, 'host', w.host_id, w."from", w.until, w.state, w.grant_id from workshops w where w.room_id = ${roomId}
      union all
      select null, w.id, 'seat', e.resident_id, w."from", w.until, e.state, e.grant_id
      from workshop_seats e join workshops w on w.id = e.workshop_id where w.room_id = ${roomId}
      union all
      select null, null, 'entry', (h.facts ->> 'residentId')::uuid,
        to_timestamp((h.facts ->> 'bookedFrom')::float8 / 1000), g.until,
        case when g.revoked_at is null then 'booked' else 'cancelled' end, g.id
      from rooms r join grants g on g.door_id = r.door_id
      join history h on h.door_id = g.door_id and h.grant_id = g.id and h.type = 'grant-made' and h.facts ? 'bookedFrom'
      where r.id = ${roomId} and g."from" < ${until} and g.until > ${from})
    select come.booking_id, come.workshop_id, come."as", come.resident_id, p.name, come."from", come.until, come.state,
      g.used_at is not null as entered, g.id as grant_id
    from come join residents p on p.id = come.resident_id join grants g on g.id = come.grant_id
    where come."from" < ${until} and come.until > ${from} order by come."from", p.name, p.id`
}

export type DoorPassed = { type: 'unlocked' | 'exit-requested'; grantId: string | null; until: Date | null }

/** Who went through a door since then, in the order of its own times; who came in by no grant for entry is not told. */
export function doorPassed(sql: Sql, doorId: string, since: Date): Promise<DoorPassed[]> {
  return sql<DoorPassed[]>`
    select h.type, h.grant_id, g.until from history h left join grants g on g.id = h.grant_id
    where h.door_id = ${doorId} and h.at > ${since}
      and (h.type = 'exit-requested' or (h.type = 'unlocked' and g.purpose = 'entry'))
    order by h.at, h.n`
}

/**
 * Booked, and the time to come is over: somebody entered, or nobody did as far as a door knows that was heard of since and
 * whose events are in. While it runs, not if the door was held open, shut, or opened by hand in that time: then nobody
 * needed the grant.
 */
export async function notSettled(sql: Sql, now: Date): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select b.id
    from bookings b join grants g on g.id = b.grant_id join controllers c on c.id = g.controller_id
    where b.state = 'booked' and b.no_show_at <= ${now}
      and (g.used_at is not null or (c.online
        and c.last_heard_at >= case when b.until > ${now} then b.no_show_at else b.until end
        and c.last <= coalesce((select seq from journals where controller_id = c.id and journal = c.journal), 0)
        and (b.until <= ${now} or not exists (
          select 1 from orders o where o.door_id = g.door_id and o.state = 'done' and o.made_at <= ${now}
            and o.made_at + coalesce(o.for_ms, 0) * interval '1 millisecond' >= g."from"))))
    order by b.no_show_at limit 200`
  return rows.map(each => each.id)
}

/** Where somebody was is about a person: it goes when the time for that is over; the history keeps ids only. */
export async function deleteOldBookings(sql: Sql, before: Date): Promise<void> {
  await sql`delete from bookings where until < ${before}`
  await sql`
    with old as (select id from workshops where until < ${before}),
      seats as (delete from workshop_seats where workshop_id in (select id from old))
    delete from workshops where id in (select id from old)`
}
