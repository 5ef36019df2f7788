import type { DoorFaults, Way } from '../../schema/api/statistics.ts'
import type { Sql } from '../postgres/connect.ts'

/** Days by the calendar of each site, both counted, as far as they lie before now; null: every site. */
export type Span = { siteIds: string[] | null; from: string; until: string; now: Date }
type Part = ReturnType<Sql>

/** The sites asked about, with the moments between which things are counted there. */
export const placesOf = (sql: Sql, { siteIds, from, until, now }: Span): Part => sql`
  places as (
    select id, name, time_zone as zone, ${from}::text::timestamp at time zone time_zone as opens,
      least((${until}::text::date + 1)::timestamp at time zone time_zone, ${now}::timestamptz) as ends
    from sites where true ${siteIds ? sql`and id = any(${siteIds}::uuid[])` : sql``})`

/** The latest day that has begun at one of the sites. */
export async function todayAt(sql: Sql, siteIds: string[] | null, now: Date): Promise<string | null> {
  const [row] = await sql<{ day: string | null }[]>`
    select max((${now}::timestamptz at time zone time_zone)::date)::text as day
    from sites where true ${siteIds ? sql`and id = any(${siteIds}::uuid[])` : sql``}`
  return row!.day
}

// an event told by a clock that was wrong may lie before the deposit
const took = (sql: Sql): Part => sql`
  took as (
    select extract(epoch from greatest(p.ended_at - p.placed_at, '0'))::float8 * 1000 as ms
    from places s join parcels p on p.site_id = s.id and p.ended_at >= s.opens and p.ended_at < s.ends
    where p.state = 'collected' and p.placed_at is not null)`

export type Collected = { parcels: number; medianMs: number | null; p90Ms: number | null }

/** Parcels collected in that time and how long they had lain, in ms. */
export async function timeToCollect(sql: Sql, span: Span): Promise<Collected> {
  const [row] = await sql<Collected[]>`
    with ${placesOf(sql, span)}, ${took(sql)}
    select count(*)::int as parcels, percentile_cont(0.5) within group (order by ms) as median_ms,
      percentile_cont(0.9) within group (order by ms) as p90_ms
    from took`
  return row!
}

/** How many lay for how long: `step` 0 below the first of the bounds (ms), 1 from the first to the second … */
export function collectedWithin(
  sql: Sql,
  span: Span,
  boundsMs: number[],
): Promise<{ step: number; parcels: number }[]> {
  return sql`
    with ${placesOf(sql, span)}, ${took(sql)}
    select width_bucket(ms, ${boundsMs}::float8[]) as step, count(*)::int as parcels from took group by 1`
}

type Asked = { size: 'S' | 'M' | 'L' | 'XL'; given: number; refused: number }

/** Deposits that got a place in a box, and those for which there was none, by the size asked for. */
export function depositsBySize(sql: Sql, span: Span): Promise<Asked[]> {
  return sql<Asked[]>`
    with ${placesOf(sql, span)}, asked as (
      select p.size, 1 as given, 0 as refused
      from places s join parcels p on p.site_id = s.id and p.made_at >= s.opens and p.made_at < s.ends
      where p.door_id is not null
      union all
      select h.facts ->> 'size', 0, 1
      from places s join history h on h.site_id = s.id and h.received_at >= s.opens and h.received_at < s.ends
      where h.type = 'none-free')
    select size, sum(given)::int as given, sum(refused)::int as refused from asked group by size`
}

/**
 * How the parcels collected in that time came to their residents. What lies beside another was opened by its code. Of several
 * ways by which a code was told the plainest counts; before `toldSince` it is forgotten.
 */
export function waysCollected(sql: Sql, span: Span, toldSince: Date): Promise<{ way: Way; parcels: number }[]> {
  return sql<{ way: Way; parcels: number }[]>`
    with ${placesOf(sql, span)}, taken as (
      select p.shelf, p.placed_at, p.ended_at, coalesce(p.used_grant_id, f.used_grant_id) as grant_id,
        -- of most nothing more is asked: a pickup's own grant is a code, and how an older one was told is forgotten
        case when p.used_grant_id is distinct from p.pickup_grant_id then coalesce(p.used_grant_id, f.used_grant_id)
          end as other_grant_id,
        case when p.placed_at >= ${toldSince} then p.id end as told_id
      from places s join parcels p on p.site_id = s.id and p.ended_at >= s.opens and p.ended_at < s.ends
      left join parcels f on f.id = p.joined_to
      where p.state = 'collected' and p.placed_at is not null)
    select way, count(*)::int as parcels from (
      select case
        when t.shelf is not null then 'counter'
        when t.grant_id is null then 'unknown'
        when exists (select 1 from orders o where o.grant_id = t.grant_id and o.unlocked_at <= t.ended_at) then 'assisted'
        when g.means = 'badge' then 'badge'
        when told.channel is not null then told.channel
        when t.told_id is null then 'unknown'
        else 'paper' end as way
      from taken t left join grants g on g.id = t.other_grant_id
      left join lateral (
        select n.channel from notices n
        where n.parcel_id = t.told_id and n.kind in ('arrived', 'new-code') and n.state = 'sent'
        order by array_position(array['voice', 'sms', 'email'], n.channel) limit 1) told on true) each
    group by way`
}

/**
 * Doors that were in service at some time of it, how many of those the devices told a fault of, and which, worst first; what
 * is suspect may not have happened.
 */
export async function doorFaults(
  sql: Sql,
  span: Span,
  atMost: number,
): Promise<{ doors: { all: number; faulty: number }; faults: DoorFaults[] }> {
  const rows = await sql<(DoorFaults & { all: number; faulty: number; faults: number })[]>`
    with ${placesOf(sql, span)}, told as (
      select h.door_id, count(*)::int as faults, (count(*) filter (where h.type = 'jammed'))::int as jammed,
        (count(*) filter (where h.type = 'forced'))::int as forced, (count(*) filter (where h.type = 'held-open'))::int as held_open
      from places s join history h on h.site_id = s.id and h.received_at >= s.opens and h.received_at < s.ends
      where h.type in ('jammed', 'forced', 'held-open') and h.suspect is null group by h.door_id)
    select s.id as site_id, s.name as site, c.id as controller_id, c.name as controller, d.door, d.name, t.jammed, t.forced,
      t.held_open, coalesce(t.faults, 0) as faults, (count(*) over ())::int as all, (count(t.faults) over ())::int as faulty
    from places s join doors d on d.site_id = s.id join controllers c on c.id = d.controller_id
    left join told t on t.door_id = d.id
    where greatest(s.opens, c.enrolled_at) < least(s.ends, c.retired_at)
    order by t.faults desc nulls last, s.name, c.id, d.door limit ${atMost}`
  const { all = 0, faulty = 0 } = rows[0] ?? {}
  const worst = rows.filter(each => each.faults > 0)
  return { doors: { all, faulty }, faults: worst.map(({ all: _, faulty: __, faults: ___, ...each }) => each) }
}
