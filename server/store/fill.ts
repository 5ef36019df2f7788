import type { FillHour } from '../../schema/api/statistics.ts'
import type { Sql } from '../postgres/connect.ts'
import { placesOf, type Span } from './statistics.ts'

/**
 * For each size and hour of the week: hours of boxes in service, and of those in which something lay. A box is filled from
 * the deposit until its parcel ended, once however many lie in it; one that is out of service now counts until it was.
 * Reckoned by sums over quarters of an hour, counted since 1970, to which all time zones keep: a move counts for the rest of its own quarter,
 * and whole in each one after.
 */
export function fillByHour(sql: Sql, span: Span): Promise<FillHour[]> {
  return sql<FillHour[]>`
    with ${placesOf(sql, span)}, boxes as (
      select d.id, d.site_id, d.size, s.zone, greatest(s.opens, c.enrolled_at) as begins,
        least(s.ends, c.retired_at, case when d.offer = 'retired' then d.since end) as ends
      from places s join doors d on d.site_id = s.id join controllers c on c.id = d.controller_id
      where d.kind = 'compartment'
    ), served as (
      -- one number for each clock and size: words would take most of the sorting below
      select *, dense_rank() over (order by zone, size)::int as kind from boxes where begins < ends
    ), kinds as (select distinct kind, zone, size from served),
    lain as (
      select b.kind, range_agg(tstzrange(
        greatest(p.since, b.begins), greatest(p.since, b.begins, least(p.ended_at, b.ends)))) as spans
      from places s cross join lateral (
        ${lying(sql, sql`ended_at > s.opens`)} union all ${lying(sql, sql`ended_at is null`)}) p
      join served b on b.id = p.door_id
      where p.since < b.ends and (p.ended_at is null or p.ended_at > b.begins)
      group by b.id, b.kind
    ), moves as (
      select kind, date_part('epoch', begins) as at, 1 as box, 0 as fill from served
      union all select kind, date_part('epoch', ends), -1, 0 from served
      union all select kind, date_part('epoch', lower(each)), 0, 1 from lain, unnest(spans) each
      union all select kind, date_part('epoch', upper(each)), 0, -1 from lain, unnest(spans) each
    ), moved as (
      select kind, floor(at / 900)::int as quarter, sum(box) as box, sum(fill) as fill,
        sum(box * (900 * (floor(at / 900) + 1) - at)) as box_rest, sum(fill * (900 * (floor(at / 900) + 1) - at)) as fill_rest
      from moves group by 1, 2
    ), grid as (
      select z.kind, generate_series(first, last) as quarter
      from (select kind, min(quarter) as first, max(quarter) as last from moved group by kind) z
    ), steps as (
      select g.kind, g.quarter,
        900 * coalesce(sum(m.box) over before, 0) + coalesce(m.box_rest, 0) as box,
        900 * coalesce(sum(m.fill) over before, 0) + coalesce(m.fill_rest, 0) as fill
      from grid g left join moved m using (kind, quarter)
      window before as (partition by kind order by quarter rows between unbounded preceding and 1 preceding)
    ), shown as (
      select k.size, to_timestamp(quarter * 900.0) at time zone k.zone as shown, box, fill
      from steps join kinds k using (kind) where box > 0
    )
    select size, date_part('isodow', shown)::int as weekday, date_part('hour', shown)::int as hour,
      round((sum(box) / 3600)::numeric, 3)::float8 as box_hours, round((sum(fill) / 3600)::numeric, 3)::float8 as filled_hours
    from shown
    group by 1, 2, 3 order by array_position(array['S', 'M', 'L', 'XL'], size), weekday, hour`
}

// two of them, each found by its index: asked for with "or", all that ever lay there would be read
const lying = (sql: Sql, when: ReturnType<Sql>) => sql`
  select door_id, coalesce(placed_at, opened_at) as since, ended_at from parcels
  where site_id = s.id and ${when} and state not in ('placing', 'cancelled')`
