import { type AttentionItem, type AttentionKind, attentionKinds } from '../../schema/api/attention.ts'
import type { Sql, Tx } from '../postgres/connect.ts'

/** A controller that comes back by itself after a moment needs nobody. */
const awayMs = 2 * 60_000
/** whatever a keypad says */
const lockedAtMostMs = 24 * 3600_000
const mostOfAKind = 50

type Of = { siteId: string; now: Date }

/** Everything at a site that needs somebody, as the rows themselves say it: it is over when they say something else. */
function needing(sql: Sql | Tx, { siteId, now }: Of) {
  const awaySince = new Date(now.getTime() - awayMs)
  return sql`
    select 'forced' as kind, id::text, alarm_at as at, null::timestamptz as until, controller_id, id as door_id,
      null::uuid as parcel_id, null::text as what, null::uuid as taken_by, null::timestamptz as taken_at
      from here where alarm = 'forced'
    union all select 'held-open', id::text, alarm_at, null, controller_id, id, null, null, null, null
      from here where alarm = 'held-open'
    union all select 'jammed', id::text, since, null, controller_id, id, null, null, null, null
      from here where state = 'jammed' and offer <> 'retired'
    union all select 'contested', id::text, since, null, controller_id, id, null, null, null, null
      from here where offer = 'contested'
    union all select 'contested', p.id::text, p.made_at, null, d.controller_id, d.id, p.id, null, null, null
      from here d join parcels p on p.door_id = d.id and p.state = 'contested' where d.offer <> 'contested'
    union all select 'offline', id, last_heard_at, null, id, null, null, null, null, null
      from controllers where site_id = ${siteId} and retired_at is null and not online
        and coalesce(last_heard_at, enrolled_at) < ${awaySince}
    union all select 'doubtful', id, null, null, id, null, null, null, null, null
      from controllers where site_id = ${siteId} and retired_at is null and doubtful_until is not null
    union all (select distinct on (id) 'keypad-locked', id, at, until, controller_id, null::uuid, null::uuid, keypad, null::uuid, null::timestamptz
      from (
        select n, controller_id || '#' || (facts ->> 'keypad') as id, at, controller_id, facts ->> 'keypad' as keypad,
          -- a device may write anything: only a case keeps what does not fit from being reckoned with
          case when suspect is null and jsonb_typeof(facts -> 'forMs') = 'number' then least(at, received_at) +
            least((facts ->> 'forMs')::numeric, ${lockedAtMostMs})::float8 * interval '1 millisecond' end as until
        from history where site_id = ${siteId} and type = 'keypad-locked'
          and received_at > ${new Date(now.getTime() - lockedAtMostMs)}) locked
      where until > ${now} order by id, n desc)
    union all select 'suspect', h.n::text, h.received_at, null, h.controller_id, h.door_id, h.parcel_id, h.suspect, null, null
      from history h where h.site_id = ${siteId} and h.suspect is not null
        and not exists (select 1 from settlements s where s.site_id = h.site_id and s.n = h.n)
    union all select 'told', a.id::text, a.made_at, null, null, p.door_id, p.id, a.kind, a.taken_by, a.taken_at
      from alerts a join parcels p on p.id = a.parcel_id where a.site_id = ${siteId} and a.state <> 'settled'
    union all select 'notice-dead', id::text, made_at, null, null, null, parcel_id, kind, null, null
      from notices where site_id = ${siteId} and state = 'dead'
    union all select 'overdue', id::text, deadline_at, null, null, door_id, id, null, null, null
      from parcels where site_id = ${siteId} and state = 'expired' and joined_to is null`
}

const doorsHere = (sql: Sql | Tx, siteId: string) => sql`
  here as (select d.* from doors d join controllers c on c.id = d.controller_id
    where d.site_id = ${siteId} and c.retired_at is null)`

/** Which kinds, and whether what is about a parcel is among them. */
type Seen = { kinds: AttentionKind[]; parcels: boolean }

const isSeen = (sql: Sql | Tx, { kinds, parcels }: Seen) => sql`
  kind = any(${kinds}::text[]) and (${parcels} or parcel_id is null)`

type Row = Omit<AttentionItem, 'at' | 'until' | 'taken'> & {
  at: Date | null
  until: Date | null
  takenBy: string | null
  takenByName: string | null
  takenAt: Date | null
  /** of its kind, however many are listed */
  count: number
}

/** The most urgent first, of a kind the newest 50; `actorId` is who asks. */
export async function attentionAt(
  sql: Sql,
  of: Of & { actorId: string; seen: Seen },
): Promise<{ items: AttentionItem[]; left: number }> {
  const rows = await sql<Row[]>`
    with ${doorsHere(sql, of.siteId)},
    found as (
      select *, row_number() over (partition by kind order by at desc nulls last, id) as place,
        count(*) over (partition by kind)::int as count
      from (${needing(sql, of)}) each where ${isSeen(sql, of.seen)})
    select f.kind, f.id, f.at, f.until, coalesce(f.controller_id, d.controller_id) as controller_id, c.name as bank,
      f.door_id, d.door, d.name as door_name, d.kind as door_kind, f.parcel_id, p.receipt, p.shelf, f.what,
      coalesce(f.taken_by, t.taken_by) as taken_by, a.name as taken_by_name, coalesce(f.taken_at, t.taken_at) as taken_at, f.count
    from found f
    left join taken t on t.site_id = ${of.siteId} and t.kind = f.kind and t.subject = f.id
    left join accounts a on a.id = coalesce(f.taken_by, t.taken_by)
    left join doors d on d.id = f.door_id
    left join controllers c on c.id = coalesce(f.controller_id, d.controller_id)
    left join parcels p on p.id = f.parcel_id
    where f.place <= ${mostOfAKind}
    order by array_position(${attentionKinds}::text[], f.kind), f.at nulls first, f.id`
  const counts = new Map(rows.map(({ kind, count }) => [kind, count]))
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return { items: rows.map(row => itemOf(row, of.actorId)), left: all - rows.length }
}

function itemOf({ takenBy, takenByName, takenAt, at, until, count: _, ...row }: Row, actorId: string): AttentionItem {
  return {
    ...row,
    at: at?.toISOString() ?? null,
    until: until?.toISOString() ?? null,
    taken: takenAt ? { by: takenByName ?? '', at: takenAt.toISOString(), mine: takenBy === actorId } : null,
  }
}

export type Thing = { siteId: string; kind: AttentionKind; id: string }
type Needing = { controllerId: string | null; doorId: string | null; parcelId: string | null }

/** Undefined when it needs nobody any more, or is nothing that this person sees. */
export async function stillNeeds(
  sql: Sql | Tx,
  { siteId, kind, id }: Thing,
  { now, seen }: { now: Date; seen: Seen },
): Promise<Needing | undefined> {
  const [found] = await sql<Needing[]>`
    with ${doorsHere(sql, siteId)}
    select controller_id, door_id, parcel_id from (${needing(sql, { siteId, now })}) each
    where kind = ${kind} and id = ${id} and ${isSeen(sql, seen)} limit 1`
  return found
}

/** False when somebody else has it and it is not taken over. */
export async function take(tx: Tx, { siteId, kind, id }: Thing, by: { actorId: string; now: Date; over: boolean }) {
  const rows = await tx`
    insert into taken (site_id, kind, subject, taken_by, taken_at) values (${siteId}, ${kind}, ${id}, ${by.actorId}, ${by.now})
    on conflict (site_id, kind, subject) do update set taken_by = excluded.taken_by, taken_at = excluded.taken_at
      where ${by.over} or taken.taken_by = excluded.taken_by
    returning 1`
  return rows.length > 0
}

/** False when it is not theirs. */
export async function release(tx: Tx, { siteId, kind, id }: Thing, actorId: string): Promise<boolean> {
  const rows = await tx`
    delete from taken where site_id = ${siteId} and kind = ${kind} and subject = ${id} and taken_by = ${actorId} returning 1`
  return rows.length > 0
}

/** Nobody sees any more to what is over: when it comes again it is a new thing. */
export async function dropEnded(sql: Sql, now: Date): Promise<void> {
  const sites = await sql<{ siteId: string }[]>`select distinct site_id from taken`
  for (const { siteId } of sites)
    await sql`
      with ${doorsHere(sql, siteId)}, still as (select kind, id from (${needing(sql, { siteId, now })}) each)
      delete from taken t where t.site_id = ${siteId}
        and not exists (select 1 from still s where s.kind = t.kind and s.id = t.subject)`
}
