import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../server/postgres/connect.ts'
import { eventually } from '../support/eventually.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'

// What server/postgres/patches mends in postgres.js 3.4.9. Without it the first statement of a transaction whose connection
// is gone throws out of a setImmediate and ends the whole process (upstream issue 1208), and what waits behind
// it waits for ever.

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('a connection lost inside a transaction refuses its next statement, and the pool goes on', async () => {
  let ended: unknown
  // begin answers as soon as the connection is gone, while its work still goes on
  let worked = () => {}
  const work = new Promise<void>(resolve => {
    worked = resolve
  })
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
    worked()
    throw new Error('the work could not be done')
  })
  await expect(transaction).rejects.toThrow()
  await work
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
