import type { AlertView } from '../../schema/api/alerts.ts'
import type { alerts } from '../../schema/tables/index.ts'
import type { Sql, Tx } from '../postgres/connect.ts'

export type AlertRow = typeof alerts.$inferSelect
export type Evidence = { online: boolean; lastSeenAt: number | null; doorState: string; entries: number[] }

type NewAlert = Pick<AlertRow, 'id' | 'siteId' | 'parcelId' | 'kind' | 'noteId' | 'madeBy' | 'madeAt'> & {
  facts: Evidence
}

export async function addAlert(tx: Tx, alert: NewAlert): Promise<void> {
  await tx`insert into alerts ${tx(alert as never)}`
}

export async function lockAlert(tx: Tx, id: string): Promise<AlertRow | undefined> {
  const [row] = await tx<AlertRow[]>`select * from alerts where id = ${id} for update`
  return row
}

export async function changeAlert(tx: Tx, id: string, patch: Partial<AlertRow>): Promise<void> {
  await tx`update alerts set ${tx(patch as never)} where id = ${id}`
}

/** The one not settled yet that says the same. */
export async function openAlert(
  tx: Tx,
  { parcelId, kind, since }: Pick<AlertRow, 'parcelId' | 'kind'> & { since: Date },
): Promise<string | undefined> {
  const [row] = await tx<{ id: string }[]>`
    select id from alerts where parcel_id = ${parcelId} and kind = ${kind} and state <> 'settled' and made_at >= ${since}
    order by made_at desc limit 1`
  return row?.id
}

/** What a pickup code of this bank was given for, and the number of its box; one that was taken back is none. */
export async function parcelOfCode(
  sql: Sql,
  controllerId: string,
  check: string,
): Promise<{ id: string; door: number } | undefined> {
  const [row] = await sql<{ id: string; door: number }[]>`
    select p.id, d.door from grants g join parcels p on p.id = g.parcel_id join doors d on d.id = p.door_id
    where g.controller_id = ${controllerId} and g."check" = ${check} and g.means = 'code' and g.revoked_at is null`
  return row
}

/** Something put into the box after this parcel. */
export async function hasLaterParcel(tx: Tx, { id, doorId }: { id: string; doorId: string }): Promise<boolean> {
  const rows = await tx`
    select 1 from parcels p join parcels this on this.id = ${id}
    where p.door_id = ${doorId} and p.made_at > this.made_at and p.joined_to is distinct from this.id limit 1`
  return rows.length > 0
}

const atKeypad = ['code-refused', 'ask-refused', 'keypad-locked', 'controller-online', 'controller-offline', 'started']

/** What was told of a door, and of its bank's keypad, since then: numbers in the site's history, at most the last 50. */
export async function entriesAbout(
  tx: Tx,
  { siteId, controllerId, doorId, since }: { siteId: string; controllerId: string; doorId: string; since: Date },
): Promise<number[]> {
  const rows = await tx<{ n: number }[]>`
    select n from history h where h.site_id = ${siteId} and h.received_at >= ${since}
      and (h.door_id = ${doorId} or h.controller_id = ${controllerId} and h.type = any(${atKeypad}))
    order by n desc limit 50`
  return rows.map(each => each.n).reverse()
}

type Moments = 'madeAt' | 'takenAt' | 'settledAt'
type ViewRow = Omit<AlertView, Moments | 'entries' | 'lastSeenAt'> & {
  facts: Evidence
  entries: { n: number; type: string; at: string; live: boolean; facts: Record<string, unknown> }[]
} & { madeAt: Date; takenAt: Date | null; settledAt: Date | null }

/** Of a site, newest first; names of residents are not among them. */
export async function alertsOf(
  sql: Sql,
  { siteId, state }: { siteId: string; state?: string | undefined },
): Promise<AlertView[]> {
  const rows = await sql<ViewRow[]>`
    select a.id, a.kind, a.state, a.parcel_id, p.receipt, p.state as parcel_state, p.door_id, d.door, d.controller_id,
      c.name as bank, note.text as says, a.made_at, taker.name as taken_by, a.taken_at, settler.name as settled_by,
      a.settled_at, done.text as settle_note, a.facts,
      coalesce((select json_agg(json_build_object('n', h.n, 'type', h.type, 'at', h.at, 'live', h.live, 'facts', h.facts) order by h.n)
        from history h where h.site_id = a.site_id
          and h.n in (select value::bigint from jsonb_array_elements_text(a.facts -> 'entries'))), '[]') as entries
    from alerts a join parcels p on p.id = a.parcel_id left join doors d on d.id = p.door_id
    left join controllers c on c.id = d.controller_id
    left join notes note on note.id = a.note_id left join notes done on done.id = a.settle_note_id
    left join accounts taker on taker.id = a.taken_by left join accounts settler on settler.id = a.settled_by
    where a.site_id = ${siteId} ${state ? sql`and a.state = ${state}` : sql``}
    order by a.made_at desc, a.id desc limit 200`
  return rows.map(({ facts, entries, ...row }) => ({
    ...row,
    madeAt: row.madeAt.toISOString(),
    takenAt: row.takenAt?.toISOString() ?? null,
    settledAt: row.settledAt?.toISOString() ?? null,
    online: facts.online,
    lastSeenAt: facts.lastSeenAt === null ? null : new Date(facts.lastSeenAt).toISOString(),
    doorState: facts.doorState,
    entries: entries.map(each => ({ ...each, at: new Date(each.at).toISOString() })),
  }))
}
