import { afterEach, beforeEach, expect, test } from 'vitest'
import { write } from '../../server/context.ts'
import { enrolController } from '../../server/domain/controllers.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { appendHistory, chainHash, noHash } from '../../server/store/history.ts'
import { compartments, type House, openHouse } from './house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse(compartments(1))
})
afterEach(() => house.close())

const append = (times = 1) => {
  const at = new Date()
  const facts = Array.from({ length: times }, () => ({ type: 'tampered' as const, at, receivedAt: at }))
  return write(house.ctx, tx => appendHistory(tx, house.siteId, facts))
}

test('a chain is whole while it grows, and not when a row was changed', async () => {
  const growing = Array.from({ length: 60 }, () => append())
  const looks = Array.from({ length: 60 }, () => brokenAt(house.ctx.sql, house.siteId))
  expect([...new Set(await Promise.all(looks))]).toEqual([null])
  await Promise.all(growing)
  await house.ctx.sql`update history set facts = '{"by":"hand"}' where n = 30`
  expect(await brokenAt(house.ctx.sql, house.siteId)).toBe(30)
})

test('whatever somebody does to a chain is found where it was done', async () => {
  const { sql } = house.ctx
  await append(300)
  const { n: last } = (await sql<{ n: number }[]>`select max(n) as n from history`)[0]!
  await sql`create table kept as table history`
  await sql`create table kept_sites as select history_n, history_hash, history_checkpoint from sites`
  async function forge() {
    const [row] = await sql`select * from history where n = 40`
    const { hash: _, previous: __, ...told } = row!
    const previous = Buffer.alloc(32, 1)
    const hash = chainHash({ previous, checkpoint: noHash }, told)
    await sql`update history set previous = ${previous}, hash = ${hash} where n = 40`
  }
  const done: [what: string, how: () => Promise<unknown>, found: number][] = [
    ['another type', () => sql`update history set type = 'opened' where n = 20`, 20],
    ['another time', () => sql`update history set at = at + interval '1 ms' where n = 21`, 21],
    ['another salt', () => sql`update history set salt = gen_random_uuid() where n = 257`, 257],
    ['another hash', () => sql`update history set hash = sha256('x') where n = 256`, 256],
    ['another beginning', () => sql`update history set previous = sha256('x') where n = 1`, 1],
    ['a row gone', () => sql`delete from history where n = 30`, 30],
    ['a row that fits itself alone', forge, 40],
    ['the last gone', () => sql`delete from history where n = ${last}`, last],
    ['another head', () => sql`update sites set history_hash = sha256('x')`, last + 1],
    ['another checkpoint', () => sql`update sites set history_checkpoint = sha256('x')`, last + 1],
    ['a higher number', () => sql`update sites set history_n = history_n + 1`, last + 1],
  ]
  for (const [what, how, found] of done) {
    await how()
    expect([what, await brokenAt(sql, house.siteId)]).toEqual([what, found])
    await sql`delete from history`
    await sql`insert into history table kept`
    await sql`update sites s set (history_n, history_hash, history_checkpoint) = (select * from kept_sites)`
  }
  expect(await brokenAt(sql, house.siteId)).toBeNull()
})

test('many who write about one site at once wait for each other, never in a circle', async () => {
  const { ctx, siteId } = house
  const enrolled = Array.from({ length: 60 }, (_, n) =>
    enrolController(ctx, { id: `other-${n}`, siteId, name: 'Other', doors: compartments(2) }),
  )
  expect((await Promise.allSettled(enrolled)).filter(each => each.status === 'rejected')).toEqual([])
  expect(await brokenAt(ctx.sql, siteId)).toBe(null)
})
