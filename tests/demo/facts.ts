import type { Sql } from '../../server/postgres/connect.ts'

/** What the story looks up in the database, beside the server and over a connection of its own. */
export const facts = (sql: Sql) => ({
  async bothOnline(ids: string[]) {
    const [row] = await sql`
      select count(*)::int as n from controllers
      where id in ${sql(ids)} and online and config_known >= config_made`
    return row?.n === ids.length
  },
  async session(role: string) {
    const [row] = await sql`select 1 from sessions where role = ${role} and expires_at > now()`
    return row !== undefined
  },
  async orderDone(orderId: string) {
    const [row] = await sql`
      select 1 from orders where id = ${orderId} and state = 'done' and unlocked_at is not null and not late`
    return row !== undefined
  },
  async door(doorId: string) {
    const [row] = await sql`select state, occupied, offer from doors where id = ${doorId}`
    return row as { state: string; occupied: boolean | null; offer: string } | undefined
  },
  async parcel(parcelId: string) {
    const [row] = await sql`select state, pickup_grant_id from parcels where id = ${parcelId}`
    return row as { state: string; pickupGrantId: string | null } | undefined
  },
  async told(parcelId: string, kind: string) {
    const [row] = await sql`
      select 1 from notices where parcel_id = ${parcelId} and kind = ${kind} and channel = 'email' and state = 'sent'`
    return row !== undefined
  },
  /** the check the device compares with, once the device says that its list holds it */
  async knownCheck(grantId: string) {
    const [row] = await sql`
      select g.check, c.grants_known >= c.grants_made as known
      from grants g join controllers c on c.id = g.controller_id where g.id = ${grantId}`
    return row?.known ? (row.check as string) : undefined
  },
  async grantUsed(grantId: string) {
    const [row] = await sql`
      select 1 from grants g join history h on h.grant_id = g.id and h.type = 'unlocked'
      where g.id = ${grantId} and g.used_at is not null and h.suspect is null`
    return row !== undefined
  },
  async recorded(type: string, doorId: string, after: number) {
    const [row] = await sql`
      select n from history where type = ${type} and door_id = ${doorId} and n > ${after} and suspect is null`
    return row !== undefined
  },
  async historyLength(siteId: string) {
    const [row] = await sql`select history_n from sites where id = ${siteId}`
    return Number(row?.historyN ?? 0)
  },
  async suspects(siteId: string) {
    return sql`select type, suspect from history where site_id = ${siteId} and suspect is not null`
  },
})
export type Facts = ReturnType<typeof facts>
