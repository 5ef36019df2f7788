import { connect, type Sql } from '../../server/postgres/connect.ts'
import { freshDatabase } from '../support/postgres.ts'

/**
 * A database whose now() and clock_timestamp() are told: a schema before pg_catalog in the search path hides its
 * functions (PostgreSQL 5.10.5), so the server's own statements run unchanged.
 */
export async function timelessDatabase() {
  const fresh = await freshDatabase()
  await fresh.sql.unsafe(`
    create schema fake;
    create table fake.clock as select pg_catalog.now() as at;
    create function fake.now() returns timestamptz stable language sql as 'select at from fake.clock';
    create function fake.clock_timestamp() returns timestamptz stable language sql as 'select at from fake.clock';
    create schema kept;
    create schema fresh;
    do $$ begin
      execute format('alter database %I set search_path = fake, pg_catalog, public', current_database());
      execute format('alter database %I set synchronous_commit = off', current_database());
    end $$`)
  const sql = connect(fresh.url, { max: 6 })
  return {
    sql,
    async close() {
      await sql.end({ timeout: 1 })
      await fresh.drop()
    },
  }
}

type Copy = 'fresh' | 'kept'

const tablesOf = async (sql: Sql): Promise<string[]> =>
  (await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public'`).map(
    each => each.name,
  )

/** A backup, and an older one put back: everything since is gone, the devices know more than the database. */
export async function backUp(sql: Sql, name: Copy): Promise<void> {
  for (const table of await tablesOf(sql))
    await sql.unsafe(`drop table if exists ${name}.${table}; create table ${name}.${table} as table public.${table}`)
}

export async function putBack(sql: Sql, name: Copy): Promise<void> {
  const tables = await tablesOf(sql)
  await sql.begin(async tx => {
    await tx.unsafe('set local session_replication_role = replica')
    await tx.unsafe(`truncate ${tables.join(', ')} cascade`)
    for (const table of tables) await tx.unsafe(`insert into public.${table} select * from ${name}.${table}`)
  })
}
