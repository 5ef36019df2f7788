import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../server/postgres/migrate.ts'
import { freshDatabase } from '../support/postgres.ts'
import { client } from './support.ts'

test('servers that start together both succeed, and every migration runs once', async () => {
  const db = await emptyDatabase()
  // Slow enough that all would be inside together if nothing held them apart.
  const folder = migrations([
    'create table first_table (n int)',
    'select pg_sleep(0.3)',
    'insert into first_table values (1)',
  ])
  await Promise.all([migrate(db.url, { folder }), migrate(db.url, { folder }), migrate(db.url, { folder })])
  expect(await db.sql`select n from first_table`).toEqual([{ n: 1 }])
})

test('a later migration is added to what is there; one that fails leaves nothing', async () => {
  const db = await emptyDatabase()
  await migrate(db.url, { folder: migrations(['create table one (n int)']) })
  const broken = migrations(['create table one (n int)', 'create table two (n int)', 'select 1/0'])
  await expect(migrate(db.url, { folder: broken })).rejects.toThrow()
  expect(await tables(db.url)).toEqual(['one'])
  await migrate(db.url, { folder: migrations(['create table one (n int)', 'create table two (n int)']) })
  expect(await tables(db.url)).toEqual(['one', 'two'])
})

test('the lock is free afterwards, also when a migration failed', async () => {
  const db = await emptyDatabase()
  await expect(migrate(db.url, { folder: migrations(['select 1/0']) })).rejects.toThrow()
  await migrate(db.url, { folder: migrations(['create table one (n int)']) })
  expect(await db.sql`select 1 from pg_locks where locktype = 'advisory'`).toHaveLength(0)
})

/** Not migrated, so that these tests bring their own history. */
async function emptyDatabase() {
  const db = await freshDatabase()
  onTestFinished(db.drop)
  await db.sql`drop schema public cascade`
  await db.sql`drop schema if exists drizzle cascade`
  await db.sql`create schema public`
  return db
}

async function tables(url: string): Promise<string[]> {
  const rows = await client(url)`select tablename from pg_tables where schemaname = 'public' order by tablename`
  return rows.map(row => row.tablename)
}

function migrations(statements: string[]): string {
  const folder = mkdtempSync('/tmp/doors-migrations-')
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(`${folder}/meta`)
  const entries = statements.map((statement, idx) => {
    writeFileSync(`${folder}/${idx}.sql`, statement)
    return { idx, version: '7', when: 1_000 + idx, tag: String(idx), breakpoints: true }
  })
  writeFileSync(`${folder}/meta/_journal.json`, JSON.stringify({ version: '7', dialect: 'postgresql', entries }))
  return folder
}
