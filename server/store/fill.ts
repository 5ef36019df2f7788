import type { FillHour } from '../../schema/api/statistics.ts'
import type { Sql } from '../postgres/connect.ts'
import { placesOf, type Span } from './statistics.ts'

/**
 * For each size and hour of the week: hours of boxes in service, and of those in which something lay. A box is filled from
 * the deposit until its parcel ended, once however many lie in it; one that is out of service now counts until it was.
 * Reckoned by sums over quarters of an hour, to which all time zones keep: a move counts for the rest of its own quarter,
 * and whole in each one after.
 */
export function fillByHour(sql: Sql, span: Span): Promise<FillHour[]> {
  return sql<FillHour[]>`
    with ${placesOf(sql, span)}, boxes as (
      select d.id, d.site_id, d.size, s.zone, greatest(s.opens, c.enrolled_at) as begins,
        least(s.ends, c.retired_at, case when d.offer = 'retired' then d.since end) as ends
      from places s join doors d on d.site_id = s.id join controllers c on c.id = d.controller_id
      where d.kind = 'compartment'
    ), served as (select * from boxes where begins < ends),
    lain as (
      select b.zone, b.size, range_agg(tstzrange(
        greatest(coalesce(p.placed_at, p.opened_at), b.begins),
        greatest(coalesce(p.placed_at, p.opened_at), b.begins, least(p.ended_at, b.ends)))) as spans
      from served b join parcels p on p.door_id = b.id and p.site_id = b.site_id
      where p.state not in ('placing', 'cancelled') and coalesce(p.placed_at, p.opened_at) < b.ends
        and (p.ended_at is null or p.ended_at > b.begins)
      group by b.id, b.zone, b.size
    ), moves as (
      select zone, size, begins as at, 1 as box, 0 as fill from served
      union all select zone, size, ends, -1, 0 from served
      union all select zone, size, lower(each), 0, 1 from lain, unnest(spans) each
      union all select zone, size, upper(each), 0, -1 from lain, unnest(spans) each
    ), quarters as (
      select zone, size, date_bin('15 minutes', at, '2000-01-01 00:00Z') as quarter, box, fill,
        900 - extract(epoch from at - date_bin('15 minutes', at, '2000-01-01 00:00Z'))::float8 as rest
      from moves
    ), moved as (
      select zone, size, quarter, sum(box) as box, sum(fill) as fill, sum(box * rest) as box_rest, sum(fill * rest) as fill_rest
      from quarters group by zone, size, quarter
    ), grid as (
      select z.zone, z.size, generate_series(first, last, '15 minutes') as quarter
      from (select zone, size, min(quarter) as first, max(quarter) as last from moved group by zone, size) z
    ), steps as (
      select g.zone, g.size, g.quarter,
        900 * coalesce(sum(m.box) over before, 0) + coalesce(m.box_rest, 0) as box,
        900 * coalesce(sum(m.fill) over before, 0) + coalesce(m.fill_rest, 0) as fill
      from grid g left join moved m using (zone, size, quarter)
      window before as (partition by zone, size order by quarter rows between unbounded preceding and 1 preceding)
    )
    select size, extract(isodow from quarter at time zone zone)::int as weekday,
      extract(hour from quarter at time zone zone)::int as hour, round((sum(box) / 3600)::numeric, 3)::float8 as box_hours,
      round((sum(fill) / 3600)::numeric, 3)::float8 as filled_hours
    from steps where box > 0
    group by 1, 2, 3 order by array_position(array['S', 'M', 'L', 'XL'], size), weekday, hour`
}
