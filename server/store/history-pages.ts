import type { actorKinds, HistoryItem } from '../../schema/api/history.ts'
import type { Sql } from '../postgres/connect.ts'

export type HistoryFilter = {
  siteIds: string[] | null
  doorId?: string
  parcelId?: string
  controllerId?: string
  actorId?: string
  by?: (typeof actorKinds)[number]
  type?: string
  types?: string[]
  suspect?: boolean
  q?: string
  from?: Date
  until?: Date
  /** entries before this one, newest first */
  before?: { receivedAt: Date; n: number }
  limit: number
}

type Row = Omit<HistoryItem, 'at' | 'receivedAt' | 'actor'> & { at: Date; receivedAt: Date } & {
  staff: string | null
  carrier: string | null
  isResident: boolean
}

/**
 * A page of the history with the names of what it is about. Of one site it goes by number, which is the key of the table
 * and the order of the commits; of several by the time received.
 */
export async function historyPage(sql: Sql, f: HistoryFilter): Promise<HistoryItem[]> {
  const order = f.siteIds?.length === 1 ? sql`n desc` : sql`received_at desc, n desc`
  const rows = await sql<Row[]>`
    with page as (select * from history h where ${where(sql, f)} order by ${order} limit ${f.limit})
    select h.site_id, h.n, h.type, h.at, h.received_at, h.live, h.controller_id, h.door_id, h.grant_id, h.order_id, h.parcel_id,
      h.actor_id, h.facts, h.suspect, c.name as controller, d.door, d.name as door_name, p.receipt, m.text as note,
      a.name as staff, k.name as carrier, r.id is not null as is_resident
    from page h
    left join doors d on d.id = h.door_id
    left join controllers c on c.id = coalesce(h.controller_id, d.controller_id)
    left join parcels p on p.id = h.parcel_id
    left join accounts a on a.id = h.actor_id
    left join carriers k on k.id = h.actor_id
    left join residents r on r.id = h.actor_id
    left join notes m on m.site_id = h.site_id and m.id = ${noteId(sql)}
    order by ${order}`
  return rows.map(itemOf)
}

/** Not of what a device wrote, which may call anything `noteId`. */
const noteId = (sql: Sql): Part =>
  sql`case when h.seq is null and h.facts ->> 'noteId' ~ '^[0-9a-f-]{36}$' then (h.facts ->> 'noteId')::uuid end`

function itemOf({ staff, carrier, isResident, ...row }: Row): HistoryItem {
  const kind = staff === null ? (carrier === null ? ('resident' as const) : ('carrier' as const)) : ('staff' as const)
  const isKnown = staff !== null || carrier !== null || isResident
  return {
    ...row,
    at: row.at.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
    actor: row.actorId && isKnown ? { id: row.actorId, kind, name: staff ?? carrier } : null,
  }
}

type Part = ReturnType<Sql>

function where(sql: Sql, f: HistoryFilter): Part {
  const parts: Part[] = [sql`true`]
  const also = <T>(given: T | undefined | null, condition: (value: T) => Part) => {
    if (given !== undefined && given !== null) parts.push(condition(given))
  }
  const [one, ...others] = f.siteIds ?? []
  const site = others.length === 0 ? one : undefined
  also(site, id => sql`h.site_id = ${id}`)
  if (!site) also(f.siteIds, ids => sql`h.site_id = any(${ids}::uuid[])`)
  also(f.doorId, id => sql`h.door_id = ${id}`)
  also(f.parcelId, id => sql`h.parcel_id = ${id}`)
  also(f.controllerId, id => sql`h.controller_id = ${id}`)
  also(f.actorId, id => sql`h.actor_id = ${id}`)
  also(f.by, kind => byKind(sql, kind))
  also(f.type, type => sql`h.type = ${type}`)
  also(f.types, types => sql`h.type = any(${types})`)
  also(f.suspect, suspect => sql`(h.suspect is not null) = ${suspect}`)
  also(f.from, from => sql`h.received_at >= ${from}`)
  also(f.until, until => sql`h.received_at < ${until}`)
  also(f.before, ({ receivedAt, n }) => (site ? sql`h.n < ${n}` : sql`(h.received_at, h.n) < (${receivedAt}, ${n})`))
  also(f.q?.trim(), q => holds(sql, q, site))
  if (site) parts.push(...numbersOf(sql, site, f))
  return parts.reduce((all, part) => sql`${all} and ${part}`)
}

/** Numbers of a site are given in the order of time, but for what a flight or a lock held up. */
const slackMs = 60_000

/** The times as numbers too: the walk along the key begins and ends where they lie. */
function numbersOf(sql: Sql, siteId: string, { from, until }: HistoryFilter): Part[] {
  const parts: Part[] = []
  if (until)
    parts.push(sql`h.n <= coalesce((select n from history
      where site_id = ${siteId} and received_at < ${new Date(until.getTime() + slackMs)} order by received_at desc, n desc limit 1), 0)`)
  if (from)
    parts.push(sql`h.n >= coalesce((select n from history
      where site_id = ${siteId} and received_at >= ${new Date(from.getTime() - slackMs)} order by received_at, n limit 1), 0)`)
  return parts
}

function byKind(sql: Sql, kind: (typeof actorKinds)[number]): Part {
  if (kind === 'itself') return sql`h.actor_id is null`
  if (kind === 'staff') return sql`h.actor_id in (select id from accounts)`
  return kind === 'carrier'
    ? sql`h.actor_id in (select id from carriers)`
    : sql`h.actor_id in (select id from residents)`
}

/** What a person would look for: a number on a slip, a bank, a colleague, a word of a reason. Never a resident's name. */
function holds(sql: Sql, q: string, site: string | undefined): Part {
  const text = q.replace(/[\\%_]/g, '\\$&')
  const [begins, within] = [`${text}%`, `%${text}%`]
  const atSite = site ? sql`site_id = ${site} and` : sql``
  return sql`(
    h.parcel_id in (select id from parcels where ${atSite} (receipt ilike ${begins} or tracking ilike ${begins}))
    or h.controller_id ilike ${within} or h.controller_id in (select id from controllers where name ilike ${within})
    or h.door_id in (select id from doors where name ilike ${within}
      or controller_id in (select id from controllers where name ilike ${within}))
    or h.actor_id in (select id from accounts where name ilike ${within} union all select id from carriers where name ilike ${within})
    or (h.seq is null and (h.site_id, h.facts ->> 'noteId') in (select site_id, id::text from notes where ${atSite} text ilike ${within})))`
}
