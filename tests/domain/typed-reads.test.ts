import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect, type Tx } from '../../server/postgres/connect.ts'
import { runAll } from '../../server/store/bulk.ts'
import { change, heldStatements, type Needs } from '../../server/store/held.ts'
import { hold } from '../../server/store/hold.ts'
import { lookUpTyped, ordersToSend } from '../../server/store/typed.ts'
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
  const ask = { controllerId: 'bank-1', boot: 'b1', ask: 'check-7', check: 'check-7', subject: 'keypad:bank-1:1' }
  for (const table of ['grants', 'orders']) {
    const read = await rowsRead(ctx.sql, table, async tx => {
      const [found, ...others] = await lookUpTyped(tx, [ask], new Date())
      const about = { controllerId: 'bank-1', door: 1 }
      expect(found).toMatchObject({ controllerId: 'bank-1', refused: false, locked: false, grant: about })
      expect(others).toEqual([])
      expect(await ordersToSend(tx, [found!.askedOrderId!])).toMatchObject([{ ...about, ask: 'check-7' }])
    })
    expect(read, table).toBeLessThan(10)
  }
})

test('what a message speaks of is found and written by index, also by a plan that was made while the tables were small', async () => {
  const sql = connect(house.url, { max: 1 })
  const needs: Needs = {
    ...{ journals: [['bank-1', 'j1']], doors: [['bank-1', 1]], opened: [['bank-1', 1]], started: [], banks: [] },
    ...{ boots: [['bank-1', 'b1']], grants: [], orders: [] },
  }
  const move = async (tx: Tx) => {
    const held = await hold(tx, ['bank-1'], needs)
    change(held.doors, held.doors.byKey.get('bank-1 1')!, { since: new Date() })
    await runAll(tx, heldStatements(held))
  }
  try {
    await sql`analyze`
    await sql.begin(move)
    await rowsRead(sql, 'doors', async tx => {
      await tx`
        insert into controllers (id, site_id, name, password_mac, code_key_wrapped, enrolled_at)
        select 'bank-1-' || n, site_id, name, '', '', now() from controllers, generate_series(1, ${past}) n`
      await tx`
        insert into doors (id, controller_id, site_id, door, kind, door_sensor, occupancy_sensor, offer, since)
        select gen_random_uuid(), id, site_id, 1, 'compartment', true, true, 'free', now() from controllers where id <> 'bank-1'`
      await tx`
        insert into journals (controller_id, journal, seq, created_at) select id, 'j1', 0, now() from controllers`
    })
    for (const table of ['controllers', 'sites', 'journals', 'doors', 'orders', 'parcels'])
      expect(await rowsRead(sql, table, move), table).toBeLessThan(10)
  } finally {
    await sql.end()
  }
})
