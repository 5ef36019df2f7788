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
    do $$ begin
      execute format('alter database %I set search_path = fake, pg_catalog, public', current_database());
      execute format('alter database %I set synchronous_commit = off', current_database());
    end $$`)
  for (const copy of ['fresh', 'kept'] as const) await roomFor(fresh.sql, copy)
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

/**
 * Rows are deleted and inserted: `truncate` and `create table` make new files for every index, and were 0.1 s of each
 * life.
 */
async function roomFor(sql: Sql, copy: Copy): Promise<void> {
  const tables = await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public'`
  const each = (line: (table: string) => string) => tables.map(({ name }) => line(name)).join('\n')
  const move = (from: string, to: string) =>
    each(table => `delete from ${to}.${table}; insert into ${to}.${table} select * from ${from}.${table};`)
  await sql.unsafe(`
    create schema ${copy};
    ${each(table => `create unlogged table ${copy}.${table} (like public.${table});`)}
    create function fake.back_up_${copy}() returns void language plpgsql as $f$ begin ${move('public', copy)} end $f$;
    create function fake.put_back_${copy}() returns void language plpgsql
      set session_replication_role = replica as $f$ begin ${move(copy, 'public')} end $f$`)
}

/** A backup, and an older one put back: everything since is gone, the devices know more than the database. */
export async function backUp(sql: Sql, copy: Copy): Promise<void> {
  await sql`select ${sql(`back_up_${copy}`)}()`
}

export async function putBack(sql: Sql, copy: Copy): Promise<void> {
  await sql`select ${sql(`put_back_${copy}`)}()`
}
