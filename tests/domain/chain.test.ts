import { afterEach, beforeEach, expect, test } from 'vitest'
import { write } from '../../server/context.ts'
import { enrolController } from '../../server/domain/controllers.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { appendHistory } from '../../server/store/history.ts'
import { compartments, type House, openHouse } from './house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse(compartments(1))
})
afterEach(() => house.close())

const append = () => {
  const at = new Date()
  return write(house.ctx, tx => appendHistory(tx, house.siteId, [{ type: 'tampered', at, receivedAt: at }]))
}

test('a chain is whole while it grows, and not when a row was changed', async () => {
  const growing = Array.from({ length: 60 }, append)
  const looks = Array.from({ length: 60 }, () => brokenAt(house.ctx.sql, house.siteId))
  expect([...new Set(await Promise.all(looks))]).toEqual([null])
  await Promise.all(growing)
  await house.ctx.sql`update history set facts = '{"by":"hand"}' where n = 30`
  expect(await brokenAt(house.ctx.sql, house.siteId)).toBe(30)
})

test('many who write about one site at once wait for each other, never in a circle', async () => {
  const { ctx, siteId } = house
  const enrolled = Array.from({ length: 60 }, (_, n) =>
    enrolController(ctx, { id: `other-${n}`, siteId, name: 'Other', doors: compartments(2) }),
  )
  expect((await Promise.allSettled(enrolled)).filter(each => each.status === 'rejected')).toEqual([])
  expect(await brokenAt(ctx.sql, siteId)).toBe(null)
})
