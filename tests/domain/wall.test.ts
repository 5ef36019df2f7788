import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WallDoor } from '../../schema/api/wall.ts'
import type { Sql } from '../../server/postgres/connect.ts'
import { wallDoors } from '../../server/store/wall.ts'
import { type House, openHouse } from './house.ts'
import { rowsRead } from './rows-read.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

test('what lay in an empty box is not walked through for the wall', async () => {
  const { ctx, siteId, residentId } = house
  const past = 2_000
  await ctx.sql`
    insert into parcels (id, site_id, door_id, resident_id, receipt, size, state, offer_before, placing_grant_id, made_at)
    select gen_random_uuid(), ${siteId}, d.id, ${residentId}, 'R' || n, 'M', case when n = 1 then 'waiting' else 'collected' end,
      'free', gen_random_uuid(), now() + n * interval '1 second'
    from generate_series(1, ${past}) n join doors d on d.door = 1 + n % 2`
  await ctx.sql`analyze parcels`
  let doors: WallDoor[] = []
  const read = await rowsRead(ctx.sql, 'parcels', async tx => {
    doors = await wallDoors(tx as unknown as Sql, siteId)
  })
  expect(doors.map(each => each.parcel?.receipt)).toEqual([undefined, 'R1', undefined, undefined])
  expect(read).toBeLessThan(10)
})

test('a contested box shows the parcel that was there last, so that its story can be read; a free one nothing', async () => {
  const { ctx, siteId, residentId } = house
  const lay = (door: number, receipt: string, state: string, second: number) => ctx.sql`
    insert into parcels (id, site_id, door_id, resident_id, receipt, size, state, offer_before, placing_grant_id, made_at)
    select gen_random_uuid(), ${siteId}, d.id, ${residentId}, ${receipt}, 'M', ${state}, 'free', gen_random_uuid(),
      now() + ${second} * interval '1 second' from doors d where d.door = ${door}`
  await lay(1, 'EARLIER', 'collected', 1)
  await lay(1, 'LAST', 'collected', 2)
  await lay(2, 'GONE', 'collected', 1)
  await lay(3, 'DOUBTED', 'contested', 1)
  await lay(3, 'TRIED', 'cancelled', 2)
  await ctx.sql`update doors set offer = case when door = 2 then 'free' else 'contested' end`
  const doors = await wallDoors(ctx.sql, siteId)
  expect(doors.map(each => each.parcel?.receipt)).toEqual(['LAST', undefined, 'DOUBTED', undefined])
})
