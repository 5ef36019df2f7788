import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Changes } from '../../server/context.ts'
import { newId } from '../../server/domain/ids.ts'
import { type PlacedDoor, placeDoors } from '../../server/domain/places.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { compartments, type House, openHouse } from './house.ts'

const actorId = newId()
const announced: Changes[] = []
let house: House
beforeAll(async () => {
  const room = { door: 5, kind: 'room', doorSensor: true, occupancySensor: false } as const
  house = await openHouse([...compartments(4), room])
  house.ctx.announce = changes => void announced.push(changes)
  await house.online({
    doors: [1, 2, 3, 4].map(door => ({ ...compartments(1)[0], door })),
  })
})
afterAll(() => house.close())

const place = (...doors: PlacedDoor[]) => placeDoors(house.ctx, { id: house.controllerId, actorId, doors })
const standing = async () =>
  (await house.ctx.sql`select door, "column" as c, "row" as r from doors order by door`).map(({ c, r }) =>
    c === null ? null : `${c}/${r}`,
  )
const placedFacts = () => house.ctx.sql<{ doorId: string; facts: object; actorId: string }[]>`
  select door_id, facts, actor_id from history where type = 'door-placed' order by n`
const differ = async () => (await house.ctx.sql`select doors_differ as told from controllers`)[0]!.told

test('boxes are placed, two change places at once; each change is a fact, and the wall hears of those that moved', async () => {
  await place({ door: 1, column: 1, row: 1 }, { door: 2, column: 1, row: 2 })
  expect(await standing()).toEqual(['1/1', '1/2', null, null, null])
  announced.length = 0
  await place({ door: 1, row: 2 }, { door: 2, row: 1 }, { door: 3, height: 'normal' })
  expect(await standing()).toEqual(['1/2', '1/1', null, null, null])
  const moved = [await house.doorId(1), await house.doorId(2)]
  expect(announced).toMatchObject([{ siteId: house.siteId, doors: moved, controllers: [house.controllerId] }])
  const facts = (await placedFacts()).slice(2)
  expect(facts.map(each => [each.doorId, each.facts, each.actorId])).toEqual([
    [moved[0], { size: 'M', height: 'normal', column: 1, row: 2 }, actorId],
    [moved[1], { size: 'M', height: 'normal', column: 1, row: 1 }, actorId],
  ])
  await place({ door: 1, column: null, row: null })
  expect(await standing()).toEqual([null, '1/1', null, null, null])
  expect(await brokenAt(house.ctx.sql, house.siteId)).toBeNull()
})

test('what a controller reported is compared with what is expected from now on', async () => {
  expect(await differ()).toBe('5: missing')
  await place({ door: 4, size: 'XL', height: 'low' })
  expect(await differ()).toBe('4: size is M, expected XL; 5: missing')
  const [box] = await house.ctx.sql`select size, height from doors where door = 4`
  expect(box).toEqual({ size: 'XL', height: 'low' })
  await place({ door: 4, size: 'M' })
  expect(await differ()).toBe('5: missing')
})

test('the same again changes nothing and is no fact', async () => {
  const before = (await placedFacts()).length
  announced.length = 0
  await place({ door: 2, column: 1, row: 1 }, { door: 4, size: 'M', height: 'low' })
  expect([(await placedFacts()).length, announced]).toEqual([before, []])
})

test.each<[what: string, doors: PlacedDoor[], refused: object]>([
  [
    'where another box stands',
    [{ door: 3, column: 1, row: 1 }],
    { reason: 'place-taken', field: 'doors.0.row', details: { column: 1, row: 1, doors: [2, 3] } },
  ],
  [
    'two in one place',
    [3, 4].map(door => ({ door, column: 9, row: 9 })),
    { reason: 'place-taken', field: 'doors.1.row', details: { column: 9, row: 9, doors: [3, 4] } },
  ],
  ['half a place', [{ door: 3, column: 2 }], { reason: 'invalid', field: 'doors.0.row' }],
  ['half of its place taken away', [{ door: 2, column: null }], { reason: 'invalid', field: 'doors.0.column' }],
  ['a room', [{ door: 5, column: 2, row: 2 }], { reason: 'invalid', field: 'doors.0.column' }],
  ['the size of a room', [{ door: 5, size: 'S' }], { reason: 'invalid', field: 'doors.0.size' }],
  ['no such door', [{ door: 2 }, { door: 9, size: 'S' }], { reason: 'not-found', field: 'doors.1.door' }],
  ['a door twice', [{ door: 3 }, { door: 3, size: 'S' }], { reason: 'invalid', field: 'doors' }],
])('refused, and nothing of it is done: %s', async (_, doors, refused) => {
  const before = [await standing(), (await placedFacts()).length]
  await expect(place({ door: 1, column: 7, row: 7 }, ...doors)).rejects.toMatchObject({
    ...refused,
    ...('field' in refused ? { field: String(refused.field).replace(/\d/, n => String(Number(n) + 1)) } : {}),
  })
  expect([await standing(), (await placedFacts()).length]).toEqual(before)
})

test('nothing is placed any more at a controller out of service', async () => {
  await house.ctx.sql`update controllers set retired_at = now()`
  await expect(place({ door: 3, column: 3, row: 3 })).rejects.toMatchObject({ reason: 'retired' })
})
