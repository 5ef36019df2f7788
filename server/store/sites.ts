import type { sites } from '../../schema/tables/index.ts'
import type { Sql, Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { noHash } from './history.ts'

type NewSite = { id: string; name: string; language: string; timeZone: string; createdAt: Date }

/** With the head of an empty chain. */
export async function addSite(tx: Tx, { id, name, language, timeZone, createdAt }: NewSite): Promise<void> {
  await tx`
    insert into sites (id, name, language, time_zone, history_hash, history_checkpoint, created_at)
    values (${id}, ${name}, ${language}, ${timeZone}, ${noHash}, ${noHash}, ${createdAt})`
}

export async function siteExists(sql: Sql | Tx, id: string): Promise<boolean> {
  const rows = await sql`select 1 from sites where id = ${id}`
  return rows.length > 0
}

type Rule =
  | 'timeZone'
  | 'deadlineDays'
  | 'extensions'
  | 'extensionDays'
  | 'holdDays'
  | 'closedWeekdays'
  | 'closedDays'
  | 'holidays'
  | 'quietFrom'
  | 'quietUntil'
export type SiteRules = Pick<typeof sites.$inferSelect, Rule>

/** How long parcels wait at a site, and when nobody is to be woken. */
export async function siteRules(sql: Sql | Tx, id: string): Promise<SiteRules> {
  const [rules] = await sql<SiteRules[]>`
    select time_zone, deadline_days, extensions, extension_days, hold_days, closed_weekdays, closed_days, holidays,
      quiet_from, quiet_until
    from sites where id = ${id}`
  if (!rules) throw new Refusal('not-found')
  return rules
}

/**
 * The configuration of its controllers has the quiet hours: they get a new one. Answers with their ids. Their rows are
 * locked before the site's, as everybody does who writes about both.
 */
export async function changeSiteRules(tx: Tx, id: string, rules: Partial<SiteRules>): Promise<string[]> {
  const isTold = rules.quietFrom !== undefined || rules.quietUntil !== undefined
  const told = isTold ? await newConfiguration(tx, id) : []
  if (Object.keys(rules).length > 0) await tx`update sites set ${tx(rules)} where id = ${id}`
  return told.map(each => each.id)
}

const newConfiguration = (tx: Tx, siteId: string) =>
  tx<{ id: string }[]>`
    with held as (select id from controllers where site_id = ${siteId} and retired_at is null order by id for update)
    update controllers set config_made = config_made + 1 where id in (select id from held) returning id`

/** What orders are reckoned by. */
export async function databaseClock(sql: Sql | Tx): Promise<Date> {
  const [clock] = await sql<{ now: Date }[]>`select clock_timestamp() as now`
  return clock!.now
}
