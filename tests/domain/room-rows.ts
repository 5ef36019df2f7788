import type { Sql } from '../../server/postgres/connect.ts'

/** Sentences about rows of rooms that are never to be there. */
export async function wrongRows(sql: Sql, now: Date): Promise<string[]> {
  const rows = await sql<{ problem: string }[]>`
    with held as (select * from bookings where state in ('booked', 'kept')),
      seats as (select e.*, w."from", w.until, w.room_id from workshop_seats e join workshops w on w.id = e.workshop_id
        where e.state = 'signed-up' and w.state = 'announced'),
      entries as (
        select 'booking ' || b.id as who, b.grant_id, b.room_id, b.means, b."from" - interval '15 minutes' as "from", b.until
        from held b where workshop_id is null
        union all
        select 'seat ' || workshop_id || resident_id, grant_id, room_id, means, "from" - interval '15 minutes', until from seats
        union all
        select 'host ' || id, grant_id, room_id, means, "from" - interval '30 minutes', until + interval '30 minutes'
        from workshops where state = 'announced')
    select 'two at one place: ' || a.id as problem from held a join held b on a.room_id = b.room_id and a.place = b.place
      and a.id < b.id and a."from" < b.held_until and b."from" < a.held_until
    union all
    select 'a place that is not there: ' || b.id from held b join rooms r on r.id = b.room_id where b.place not between 1 and r.places
    union all
    select 'its grant is not its own: ' || who from entries e left join grants g on g.id = e.grant_id
      left join rooms r on r.id = e.room_id
    where g.id is null or g.revoked_at is not null or g.until <> e.until or g."from" <> e."from" or g.door_id <> r.door_id
      or g.means <> e.means or g.uses <> 0 or g.purpose <> 'entry'
    union all
    select 'one grant of two: ' || min(who) from entries group by grant_id having count(*) > 1
    union all
    select 'a grant that nothing asks for: ' || g.id from grants g where g.purpose = 'entry' and g.revoked_at is null
      and g.until > ${now} and not exists (select 1 from entries where grant_id = g.id)
    union all
    select 'it does not hold every place: ' || w.id from workshops w join rooms r on r.id = w.room_id
    where (select count(*) from held where workshop_id = w.id) <> case w.state when 'announced' then r.places else 0 end
    union all
    select 'more seats than there are: ' || w.id from workshops w
    where (select count(*) from seats where workshop_id = w.id) > w.places`
  return rows.map(row => row.problem)
}
