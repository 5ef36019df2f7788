import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Tx } from '../../server/postgres/connect.ts'
import { askedBefore, candidates } from '../../server/store/typed.ts'
import { type House, openHouse } from './house.ts'
import { rowsRead } from './rows-read.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const past = 1_000

/** A bank of some months: where statistics would have the planner read a whole table rather than its index. */
async function fillPast(tx: Tx, siteId: string): Promise<void> {
  await tx`
    insert into grants (id, site_id, controller_id, door_id, purpose, means, "from", until, uses, "check", made_at)
    select gen_random_uuid(), ${siteId}, 'bank-1', id, 'pickup', 'code', now(), now() + interval '1 day', 1, 'check-' || n, now()
    from generate_series(1, ${past}) n cross join (select id from doors where door = 1) d`
  await tx`
    insert into orders (id, site_id, controller_id, door_id, grant_id, type, ask, boot, not_after_up, deadline_at, state, made_at)
    select gen_random_uuid(), site_id, controller_id, door_id, id, 'open', "check", 'b1', 0, now(), 'done', now() from grants`
  await tx`analyze grants, orders`
}

test('a typed code is looked up without reading all grants and orders', async () => {
  const { ctx, siteId } = house
  // what it read itself is counted before
  await rowsRead(ctx.sql, 'grants', tx => fillPast(tx, siteId))
  const ask = { controllerId: 'bank-1', boot: 'b1', ask: 'check-7', check: 'check-7' }
  const found: unknown[] = []
  for (const table of ['grants', 'orders']) {
    const read = await rowsRead(ctx.sql, table, async tx => {
      found.push(await candidates(tx, [ask], new Date()), await askedBefore(tx, [ask]))
    })
    expect(read, table).toBeLessThan(10)
  }
  expect(found).toEqual(Array(4).fill([expect.objectContaining({ controllerId: 'bank-1', door: 1 })]))
})
