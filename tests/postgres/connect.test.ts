import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, describeDatabaseProblem, warm } from '../../server/postgres/connect.ts'
import { databaseUrl, type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { client } from './support.ts'

let db: FreshDatabase

beforeAll(async () => {
  db = await freshDatabase()
  await db.sql`create table fact (fact_id int8, happened_at timestamptz, small_note text, some_facts jsonb)`
})
afterAll(() => db.drop())

test('a row comes back as it was written: camel case columns, Date, number, jsonb keys untouched', async () => {
  const fact = {
    factId: Number.MAX_SAFE_INTEGER,
    happenedAt: new Date('2026-03-01T08:00:00.123Z'),
    smallNote: undefined,
    someFacts: { snake_key: { inner_key: 1 }, camelKey: [{ other_key: '2026-03-01T08:00:00Z' }] },
  }
  await db.sql`insert into fact ${db.sql({ ...fact, someFacts: db.sql.json(fact.someFacts) } as never)}`
  const [row] = await db.sql`select * from fact`
  expect(row).toEqual({ ...fact, smallNote: null })
  expect(row?.happenedAt).toBeInstanceOf(Date)
  expect(row?.happenedAt < new Date()).toBe(true)
})

test('int8 is a number wherever it stands; one too large fails loudly and leaves the connection usable', async () => {
  expect(await db.sql`select count(*) as count, array[1, 2]::int8[] as many from fact where false`).toEqual([
    { count: 0, many: [1, 2] },
  ])
  await expect(db.sql`select 9007199254740993 as large`).rejects.toThrow('int8 9007199254740993 does not fit')
  expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
})

test('dates are in UTC whatever the database says', async () => {
  await db.sql.unsafe(`alter database ${new URL(db.url).pathname.slice(1)} set timezone = 'America/New_York'`)
  const days = await client(db.url)`select '2026-03-01T23:30:00-02:00'::timestamptz::date::text as day`
  expect(days).toEqual([{ day: '2026-03-02' }])
})

test('warm opens as many connections as asked', async () => {
  const sql = client(db.url, 5)
  await warm(sql, 5)
  const seen = await db.sql`select count(*) as count from pg_stat_activity where datname = current_database()
    and pid <> pg_backend_pid() and state = 'idle'`
  expect(seen[0]?.count).toBeGreaterThanOrEqual(5)
})

test('a fresh database is ours alone and goes even when clients are still connected', async () => {
  const other = await freshDatabase()
  const leftover = client(other.url)
  await leftover`select 1`
  await other.sql`create table only_here (n int)`
  await expect(db.sql`select * from only_here`).rejects.toMatchObject({ code: '42P01' })
  await other.drop()
  await expect(client(other.url)`select 1`).rejects.toMatchObject({ code: '3D000' })
})

test('what is wrong with the database is said in a sentence that holds no password', async () => {
  const secret = new URL(db.url).password
  const wrong = new URL(db.url)
  wrong.password = 'not-the-password'
  expect(await problemAt(wrong.href)).toBe(
    'the database refused the password: check the user and password in DATABASE_URL',
  )
  expect(await problemAt(databaseUrl(db.url, 'nowhere'))).toMatch(/^the database does not exist \(nowhere\)/)
  expect(await problemAt('postgres://doors:secret@localhost/doors?host=/tmp/no-such-directory')).toMatch(
    /^the database is unreachable at \/tmp\/no-such-directory\S+ \(ENOENT\)$/,
  )
  expect(await problemAt(`postgres://doors:secret@127.0.0.1:1/doors`)).toBe(
    `the database is unreachable at 127.0.0.1:1 (ECONNREFUSED)`,
  )
  for (const url of [wrong.href, databaseUrl(db.url, 'nowhere')]) expect(await problemAt(url)).not.toContain(secret)
  expect(describeDatabaseProblem(new Error('Failed query', { cause: { code: '57P03' } }))).toMatch(
    /starting or stopping/,
  )
  expect(
    describeDatabaseProblem(Object.assign(new Error('no file'), { code: 'ENOENT', syscall: 'open' })),
  ).toBeUndefined()
  expect(describeDatabaseProblem({ code: '23505' })).toBeUndefined()
  expect(() => connect('postgres://doors:secret@host:port/x')).toThrow(/^the database url is not of the form/)
})

async function problemAt(url: string): Promise<string | undefined> {
  return client(url)`select 1`.then(
    () => 'it worked',
    error => describeDatabaseProblem(error),
  )
}
