import type { notices } from '../../schema/tables/index.ts'
import type { Sql, Tx } from '../postgres/connect.ts'
import type { ParcelRow } from './rows.ts'

export type NoticeRow = typeof notices.$inferSelect
export type Channel = NoticeRow['channel']

export type Told = { siteId: string; channels: Channel[]; language: string }

/** How a resident wants to be told, or is to be told this once, as far as there is an address for it. */
export async function howToTell(tx: Tx, residentId: string, by: Channel[] | null = null): Promise<Told> {
  const [row] = await tx<Told[]>`
    select r.site_id, coalesce(r.language, s.language) as language, array(
      select c from unnest(coalesce(${by}::text[], r.tell_by)) c where case c when 'email' then r.email else r.phone end is not null) as channels
    from residents r join sites s on s.id = r.site_id where r.id = ${residentId}`
  return row!
}

export type NewNotice = Pick<
  NoticeRow,
  | 'id'
  | 'siteId'
  | 'residentId'
  | 'parcelId'
  | 'signInId'
  | 'kind'
  | 'channel'
  | 'language'
  | 'runAt'
  | 'key'
  | 'madeAt'
>

/** One that is there already stays as it is. */
export async function addNotices(tx: Tx, rows: NewNotice[]): Promise<void> {
  if (rows.length > 0) await tx`insert into notices ${tx(rows)} on conflict (key) do nothing`
}

export type Claimed = Pick<NoticeRow, 'id' | 'tries'>

/** Those whose turn it is, for this server alone until `leaseUntil`; the claim counts as a try. */
export function claimDue(
  sql: Sql,
  due: { channels: Channel[]; now: Date; leaseUntil: Date; count: number },
): Promise<Claimed[]> {
  return sql<Claimed[]>`
    update notices set run_at = ${due.leaseUntil}, tries = tries + 1 where id in (
      select id from notices where state = 'waiting' and run_at <= ${due.now} and channel = any(${due.channels}::text[])
      order by run_at limit ${due.count} for update skip locked)
    returning id, tries`
}

/** Everything that the words of a notice are made from, as it is now. */
export type NoticeAbout = NoticeRow & {
  name: string
  email: string | null
  phone: string | null
  site: string
  timeZone: string
  quietFrom: string
  quietUntil: string
  parcelState: ParcelRow['state'] | null
  /** whose it is now */
  parcelResidentId: string | null
  deadlineAt: Date | null
  pickupGrantId: string | null
  carrier: string | null
  door: number | null
  bank: string | null
}

export function noticesAbout(sql: Sql, ids: string[]): Promise<NoticeAbout[]> {
  return sql<NoticeAbout[]>`
    select n.*, r.name, r.email, r.phone, s.name as site, s.time_zone, s.quiet_from, s.quiet_until,
      p.state as parcel_state, p.resident_id as parcel_resident_id, p.deadline_at, p.pickup_grant_id, coalesce(p.carrier, k.name) as carrier,
      d.door, c.name as bank
    from notices n
    join residents r on r.id = n.resident_id
    join sites s on s.id = n.site_id
    left join parcels p on p.id = n.parcel_id
    left join carriers k on k.id = p.carrier_id
    left join doors d on d.id = p.door_id
    left join controllers c on c.id = d.controller_id
    where n.id = any(${ids}::uuid[])`
}

type Outcome = Partial<Pick<NoticeRow, 'state' | 'runAt' | 'tries' | 'lastProblem' | 'sentAt'>>

/** Nothing when the lease had ended and somebody else has tried since. */
export async function settleNotice(sql: Sql, { id, tries }: Claimed, outcome: Outcome): Promise<void> {
  await sql`update notices set ${sql(outcome)} where id = ${id} and tries = ${tries} and state = 'waiting'`
}

/** Undefined when it is not dead. */
export async function reviveNotice(tx: Tx, id: string, now: Date): Promise<NoticeRow | undefined> {
  const [revived] = await tx<NoticeRow[]>`
    update notices set state = 'waiting', run_at = ${now}, tries = 0 where id = ${id} and state = 'dead' returning *`
  return revived
}

/** Undefined when it is not dead. */
export async function dropNotice(tx: Tx, id: string): Promise<NoticeRow | undefined> {
  const [dropped] = await tx<NoticeRow[]>`
    update notices set state = 'dropped' where id = ${id} and state = 'dead' returning *`
  return dropped
}

export type Listed = Omit<NoticeRow, 'siteId' | 'key' | 'language'> & { flat: string; receipt: string | null }

/** Newest first; without addresses. */
export function noticesOf(
  sql: Sql,
  by: { siteId: string; state?: NoticeRow['state'] | undefined; before?: string | undefined; limit: number },
): Promise<Listed[]> {
  return sql<Listed[]>`
    select n.id, n.resident_id, r.flat, n.parcel_id, p.receipt, n.kind, n.channel, n.state, n.run_at, n.tries,
      n.last_problem, n.made_at, n.sent_at
    from notices n join residents r on r.id = n.resident_id left join parcels p on p.id = n.parcel_id
    where n.site_id = ${by.siteId} ${by.state ? sql`and n.state = ${by.state}` : sql``}
      ${by.before ? sql`and n.id < ${by.before}` : sql``}
    order by n.id desc limit ${by.limit}`
}
