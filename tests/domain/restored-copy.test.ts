import { afterEach, beforeEach, expect, test } from 'vitest'
import { collectFor } from '../../server/domain/collect-for.ts'
import { joinParcel } from '../../server/domain/join-parcel.ts'
import { placeParcel } from '../../server/domain/parcels.ts'
import { swapParcel } from '../../server/domain/swap-parcel.ts'
import { openToTakeBack } from '../../server/domain/take-back.ts'
import { carrierOf, deposit } from './deposit.ts'
import { compartments, type House, openHouse } from './house.ts'
import { overdueNow } from './overdue.ts'

let house: House
let carrierId: string
beforeEach(async () => {
  house = await openHouse(compartments(3))
  await house.online()
  carrierId = await carrierOf(house)
})
afterEach(() => house.close())

const wanted = () => ({ controllerId: 'bank-1', residentId: house.residentId, size: 'M', carrierId }) as const
const actions: Record<string, (waiting: string, placing: string) => Promise<unknown>> = {
  'laying a parcel in': () => placeParcel(house.ctx, wanted()),
  'laying one beside another': () => joinParcel(house.ctx, wanted()),
  'another box': (_, id) => swapParcel(house.ctx, id, { size: 'M' }),
  'collecting for somebody': id => collectFor(house.ctx, { id, actorId: house.residentId, reason: 'cannot walk' }),
  'taking back': id => openToTakeBack(house.ctx, { id, actorId: carrierId }),
}

test.each(Object.keys(actions))('while the bank’s events since a restored copy are not in: %s waits', async name => {
  const waiting = await deposit(house, { carrierId })
  if (name === 'taking back') await overdueNow(house)
  const placing = await placeParcel(house.ctx, wanted())
  await house.outbox.idle()
  await house.ctx.sql`update controllers set doubtful_until = 1000`
  const orders = async () => (await house.ctx.sql`select id from orders`).length
  const before = await orders()
  await expect(actions[name]!(waiting.id, placing.id)).rejects.toMatchObject({ reason: 'doubtful' })
  expect(await orders()).toBe(before)
  await house.ctx.sql`update controllers set doubtful_until = null`
  await actions[name]!(waiting.id, placing.id)
  expect(await orders()).toBe(before + 1)
})

test.each(['collecting for somebody', 'taking back'])(
  'while the bank has not told yet what happened when it was away: %s waits',
  async name => {
    const { id } = await deposit(house, { carrierId })
    if (name === 'taking back') await overdueNow(house)
    await house.ctx.sql`update controllers set last = last + 1000`
    await expect(actions[name]!(id, '')).rejects.toMatchObject({ reason: 'doubtful' })
    await house.ctx.sql`update controllers set last = last - 1000`
    await actions[name]!(id, '')
  },
)
