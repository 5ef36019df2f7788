import { afterAll, beforeAll, expect, test } from 'vitest'
import { countTry, lockedUntil, takeBackTry } from '../../server/store/sessions.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Somebody who tries; `now` is in their own hands. */
function somebody(subject: string) {
  let now = Date.UTC(2026, 0, 5, 8)
  const wrong = () => countTry(database.sql, subject, new Date(now))
  return {
    wrong,
    wait: (ms: number) => {
      now += ms
    },
    right: async () => {
      await wrong()
      await takeBackTry(database.sql, subject)
    },
    /** wrong ones until it is locked; for how many minutes, and how many it took; waits until it is over */
    async locked() {
      for (let tries = 1; tries < 20; tries += 1) {
        const lock = (await wrong())?.lockedUntil
        if (!lock) continue
        expect(await wrong()).toBeUndefined()
        expect(await lockedUntil(database.sql, subject)).toEqual(lock)
        const minutes = (lock.getTime() - now) / minuteMs
        now = lock.getTime()
        return [tries, minutes]
      }
      throw new Error('never locked')
    },
  }
}

test('five wrong ones lock for 5, then 10, then 15 minutes and no longer; a quiet hour takes one level back', async () => {
  const { locked, wait } = somebody('grows')
  expect([await locked(), await locked()]).toEqual([
    [5, 5],
    [5, 10],
  ])
  wait(hourMs)
  expect(await locked()).toEqual([5, 10])
  wait(3 * hourMs)
  expect([await locked(), await locked(), await locked(), await locked()]).toEqual([
    [5, 5],
    [5, 10],
    [5, 15],
    [5, 15],
  ])
})

test('wrong ones of a quarter of an hour ago count no more', async () => {
  const { wrong, wait, locked } = somebody('forgets')
  for (let n = 0; n < 4; n += 1) await wrong()
  wait(15 * minuteMs + 1)
  expect(await locked()).toEqual([5, 5])
  const { wrong: soon, wait: less, locked: fifth } = somebody('remembers')
  for (let n = 0; n < 4; n += 1) await soon()
  less(14 * minuteMs)
  expect(await fifth()).toEqual([1, 5])
})

test('a right one takes its own try back, with the lock and the level that it brought', async () => {
  const { wrong, right, locked } = somebody('right')
  for (let n = 0; n < 4; n += 1) await wrong()
  for (let n = 0; n < 3; n += 1) await right()
  expect(await locked()).toEqual([1, 5])
  expect(await locked()).toEqual([5, 10])
})
