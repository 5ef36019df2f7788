import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'

// What server/postgres/patches mends in postgres.js 3.4.9 (upstream issue 1208). Without the patch the first statement
// after the connection is gone throws out of a setImmediate and ends the whole process.

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
