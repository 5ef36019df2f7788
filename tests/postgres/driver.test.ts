import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../server/postgres/connect.ts'
import { eventually } from '../support/eventually.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { signal } from '../support/signal.ts'

// What server/postgres/patches mends in postgres.js 3.4.9. Without it the first statement of a transaction whose connection
// is gone throws out of a setImmediate and ends the whole process (upstream issue 1208), what waits behind it waits for
// ever, and the count of rows goes on from a statement that failed amid its own (upstream issue 1181): the first row of the
// next one is then not its first, and `const [row] = …` finds nobody.

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('a connection lost inside a transaction refuses its next statement, and the pool goes on', async () => {
  let ended: unknown
  // begin answers as soon as the connection is gone, while its work still goes on
  const worked = signal()
  const transaction = database.sql.begin(async tx => {
    const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
    await database.sql`select pg_terminate_backend(${row!.pid})`
    await eventually(async () => {
      const alive = await database.sql`select 1 from pg_stat_activity where pid = ${row!.pid}`
      return alive.length === 0
    })
    // the close is seen some turns of the event loop after the first refusal
    for (let n = 0; n < 50; n++) {
      await tx`select 1`.catch(error => {
        ended = error
      })
      await new Promise(setImmediate)
    }
    worked.give()
    throw new Error('the work could not be done')
  })
  await expect(transaction).rejects.toThrow()
  await worked.given
  expect(String(ended)).toContain('CONNECTION_CLOSED')
  for (let n = 0; n < 10; n++) expect(await database.sql`select ${n}::int as n`).toEqual([{ n }])
})

test('what waits on a connection that is lost inside a transaction is refused, and its place in the pool is free again', async () => {
  const sql = connect(database.url, { max: 1 })
  try {
    let waiting: Promise<PromiseSettledResult<unknown>[]> | undefined
    const transaction = sql.begin(async tx => {
      const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
      // a statement with a parameter that is not yet prepared: the one behind it waits in the driver until it is described
      waiting = Promise.allSettled([tx`select pg_sleep(${30})`, tx`select ${1}::int as n`])
      await database.sql`select pg_terminate_backend(${row!.pid})`
      await waiting
      await tx`select 1`
    })
    await expect(transaction).rejects.toThrow()
    expect((await waiting)!.map(each => each.status)).toEqual(['rejected', 'rejected'])
    for (let n = 0; n < 10; n++) expect(await sql`select ${n}::int as n`).toEqual([{ n }])
  } finally {
    await sql.end({ timeout: 1 })
  }
})

test.each([
  ['prepared', true],
  ['not prepared', false],
])('a statement that fails amid its rows leaves those of the next where they belong, %s', async (_, prepare) => {
  const sql = connect(database.url, { max: 1 })
  const failing = (n: number) =>
    sql.unsafe('select 1 / ($1::int - n) as n from generate_series(1, 10) n', [n], { prepare })
  try {
    for (const n of [5, 3]) await expect(failing(n)).rejects.toMatchObject({ code: '22012' })
    expect(await sql`select ${1}::int as n`).toEqual([{ n: 1 }])
    const next = [1, 2].map(n => sql`select ${n}::int as n`)
    await expect(failing(7)).rejects.toThrow()
    expect(await Promise.all(next)).toEqual([[{ n: 1 }], [{ n: 2 }]])
    await expect(sql.begin(tx => tx`select 1 / (5 - n) from generate_series(1, 10) n`)).rejects.toThrow()
    expect((await sql.begin(tx => tx`select 1 as n`))[0]).toEqual({ n: 1 })
  } finally {
    await sql.end({ timeout: 1 })
  }
})
