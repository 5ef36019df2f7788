import { afterEach, beforeEach, expect, test } from 'vitest'
import { write } from '../../server/context.ts'
import { addOneUse } from '../../server/domain/orders.ts'
import { lockController } from '../../server/store/rows.ts'
import { compartments, type House, openHouse } from './house.ts'

let house: House
let grant = ''
beforeEach(async () => {
  house = await openHouse(compartments(1))
  await house.online()
  const doorId = await house.doorId(1)
  grant = await write(house.ctx, async tx => {
    const controller = await lockController(tx, 'bank-1')
    return addOneUse(house.ctx, tx, { controller, doorId, purpose: 'opening' })
  })
})
afterEach(() => house.close())

const told = (type: string) => (type === 'started' ? { type, reason: 'power' } : { type, door: 1, cause: { grant } })

test.each([
  [['started'], 0],
  [['accepted', 'started'], 1],
  [['accepted', 'started', 'started'], 1],
  [['accepted', 'unlocked', 'started'], 0],
  [['accepted', 'jammed', 'started'], 0],
  [['accepted', 'started', 'accepted', 'started'], 2],
  [['accepted', 'started', 'accepted', 'unlocked', 'started'], 1],
])('%j: %i in doubt, told at once or one by one [TYPE-5]', async (types, doubts) => {
  await house.events(...types.map(told))
  for (const type of types) await house.events(told(type))
  const rows = await house.ctx.sql`select * from history where type = 'opening-doubted' order by n`
  expect(rows).toHaveLength(doubts * 2)
  for (const row of rows) expect(row).toMatchObject({ grantId: grant, doorId: await house.doorId(1), live: true })
  expect(rows.every(row => row.suspect === 'bolt-in-doubt')).toBe(true)
})
