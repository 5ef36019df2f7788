import type { AccountRole } from '../../schema/api/roles.ts'
import type { Sql, Tx } from '../postgres/connect.ts'

export type AccountRow = {
  id: string
  email: string
  name: string
  role: AccountRole
  passwordHash: string
}

export async function accountByEmail(sql: Sql, email: string): Promise<AccountRow | undefined> {
  const [row] = await sql<AccountRow[]>`
    select id, email, name, role, password_hash from accounts where email = ${email}`
  return row
}

export async function accountById(sql: Sql | Tx, id: string): Promise<AccountRow | undefined> {
  const [row] = await sql<AccountRow[]>`
    select id, email, name, role, password_hash from accounts where id = ${id} and closed_at is null`
  return row
}

export async function setPassword(tx: Tx, id: string, passwordHash: string): Promise<void> {
  await tx`update accounts set password_hash = ${passwordHash} where id = ${id}`
}

export async function residentByMemberNumber(sql: Sql, memberNumber: string) {
  const [row] = await sql<{ id: string; siteId: string; name: string; pinHash: string | null }[]>`
    select id, site_id, name, pin_hash from residents where member_number = ${memberNumber} and moved_out_at is null`
  return row
}

export async function carrierByCode(sql: Sql, siteId: string, codeHash: string) {
  const [row] = await sql<{ id: string; siteId: string; name: string }[]>`
    select id, site_id, name from carriers where site_id = ${siteId} and code_hash = ${codeHash} and ended_at is null`
  return row
}

export async function hasLandlord(sql: Sql | Tx): Promise<boolean> {
  const [row] = await sql<
    { found: boolean }[]
  >`select exists (select 1 from accounts where role = 'landlord' and closed_at is null) as found`
  return row?.found === true
}

/** Servers and people may make the first landlord at the same time. */
export async function lockFirstLandlord(tx: Tx): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtext('first-landlord'))`
}

/** The one link there is from now on; none when nothing is given. */
export async function replaceSetupLink(tx: Tx, link?: { tokenHash: Buffer; expiresAt: Date }): Promise<void> {
  await tx`delete from setup_links`
  if (link) await tx`insert into setup_links (token_hash, expires_at) values (${link.tokenHash}, ${link.expiresAt})`
}

export async function setupLinkExpiry(sql: Sql | Tx, tokenHash: Buffer): Promise<Date | undefined> {
  const [row] = await sql<{ expiresAt: Date }[]>`select expires_at from setup_links where token_hash = ${tokenHash}`
  return row?.expiresAt
}

/** Undefined when the address is taken. */
export async function addAccount(
  sql: Sql | Tx,
  account: AccountRow & { createdAt: Date },
): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`
    insert into accounts (id, email, name, role, password_hash, created_at)
    values (${account.id}, ${account.email}, ${account.name}, ${account.role}, ${account.passwordHash}, ${account.createdAt})
    on conflict (email) do nothing returning id`
  return row?.id
}

/** Nobody else changes it until the commit. */
export async function lockAccount(tx: Tx, id: string): Promise<{ role: AccountRole; email: string } | undefined> {
  const [row] = await tx<{ role: AccountRole; email: string }[]>`
    select role, email from accounts where id = ${id} and closed_at is null for no key update`
  return row
}

export async function setAccount(tx: Tx, { id, name, role }: Pick<AccountRow, 'id' | 'name' | 'role'>): Promise<void> {
  await tx`update accounts set name = ${name}, role = ${role} where id = ${id}`
}

export async function openLandlords(tx: Tx): Promise<number> {
  const [row] = await tx<{ n: number }[]>`
    select count(*)::int as n from accounts where role = 'landlord' and closed_at is null`
  return row!.n
}

/** No address and no password are kept of it; its name stays beside what was done. */
export async function closeAccountRow(tx: Tx, id: string, closedAt: Date): Promise<void> {
  await tx`delete from account_sites where account_id = ${id}`
  await tx`
    update accounts set closed_at = ${closedAt}, password_hash = '', email = ${`closed:${id}`} where id = ${id}`
}

/** Null: every site, of a landlord. */
export async function siteIdsOf(tx: Tx, accountId: string): Promise<string[] | null> {
  const [row] = await tx<{ role: AccountRole; siteIds: string[] }[]>`
    select role, array(select site_id from account_sites s where s.account_id = a.id order by site_id) as site_ids
    from accounts a where id = ${accountId}`
  return !row || row.role === 'landlord' ? null : row.siteIds
}

/** These and no others; how many of them there are. */
export async function setAccountSites(sql: Sql | Tx, accountId: string, siteIds: string[]): Promise<number> {
  await sql`delete from account_sites where account_id = ${accountId}`
  const set = await sql`
    insert into account_sites (account_id, site_id)
    select ${accountId}::uuid, s.id from sites s where s.id = any(${siteIds}::uuid[]) on conflict do nothing`
  return set.count
}

export async function listAccounts(sql: Sql) {
  return sql<
    { id: string; email: string; name: string; role: AccountRole; siteIds: string[]; secondFactor: boolean }[]
  >`
    select id, email, name, role,
      array(select site_id from account_sites s where s.account_id = a.id) as site_ids,
      exists (select 1 from second_factors f where f.account_id = a.id and f.confirmed_at is not null) as second_factor
    from accounts a where closed_at is null order by email`
}

export async function addCarrier(
  sql: Sql | Tx,
  carrier: { id: string; siteId: string; name: string; codeHash: string; createdAt: Date },
) {
  const [row] = await sql<{ id: string }[]>`
    insert into carriers (id, site_id, name, code_hash, code_made_at, created_at)
    select ${carrier.id}::uuid, s.id, ${carrier.name}::text, ${carrier.codeHash}::text, ${carrier.createdAt}::timestamptz,
      ${carrier.createdAt}::timestamptz
    from sites s
    where s.id = ${carrier.siteId}
      and not exists (select 1 from carriers c where c.site_id = s.id and c.code_hash = ${carrier.codeHash})
    returning id`
  return row?.id
}

export async function carriersOf(sql: Sql, siteId: string) {
  const rows = await sql<{ id: string; siteId: string; name: string; codeMadeAt: Date }[]>`
    select id, site_id, name, code_made_at from carriers where site_id = ${siteId} and ended_at is null order by name, id`
  return rows.map(row => ({ ...row, codeMadeAt: row.codeMadeAt.toISOString() }))
}

/** Its site, or undefined when it comes no more. */
export async function holdCarrier(tx: Tx, id: string): Promise<string | undefined> {
  const [row] = await tx<{ siteId: string }[]>`
    select site_id from carriers where id = ${id} and ended_at is null for update`
  return row?.siteId
}

export async function changeCarrier(
  tx: Tx,
  id: string,
  patch: { codeHash: string; codeMadeAt: Date } | { endedAt: Date },
): Promise<void> {
  await tx`update carriers set ${tx(patch as never)} where id = ${id}`
}
