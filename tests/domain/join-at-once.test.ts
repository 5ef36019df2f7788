import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { codeOfGrant } from '../../server/domain/grants.ts'
import { joinParcel } from '../../server/domain/join-parcel.ts'
import { cancelParcel, type Placing, parcelPlaced } from '../../server/domain/parcels.ts'
import { swapParcel } from '../../server/domain/swap-parcel.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { carrierOf, deposit, offerOf, stateOf } from './deposit.ts'
import { compartments, type House, openHouse } from './house.ts'
import { runJobs } from './overdue.ts'

let house: House
let carrierId: string
let first: Placing
let second: Placing
beforeAll(async () => {
  house = await openHouse(compartments(48))
  await house.online()
  carrierId = await carrierOf(house)
})
beforeEach(async () => {
  await house.ctx.sql`update parcels set state = 'cancelled', ended_at = now()`
  first = await deposit(house, { carrierId })
  second = await joinParcel(house.ctx, { controllerId: 'bank-1', residentId: house.residentId, size: 'M', carrierId })
  await house.outbox.idle()
})
afterAll(() => house.close())

const rowOf = async (id: string) => (await house.ctx.sql`select * from parcels where id = ${id}`)[0]!

/** The courier's order and the resident's code for one box, and what its sensors say. */
async function happens(order: readonly string[]) {
  const { door } = first
  const ordered = house.said.findLast(each => each.kind === 'order')!.message
  const { pickupGrantId } = await rowOf(first.id)
  const causes: Record<string, object> = {
    courier: { type: 'unlocked', door, cause: { order: ordered.order, grant: ordered.grant } },
    resident: { type: 'unlocked', door, cause: { grant: pickupGrantId } },
  }
  for (const each of order) await house.events(causes[each] ?? { type: each, door })
}

const orders = [
  ['the code at the door open for the courier', ['courier', 'opened', 'resident', 'closed']],
  ['the order at the door open for the resident', ['resident', 'opened', 'courier', 'closed']],
  ['the code when the courier had shut it', ['courier', 'opened', 'closed', 'resident', 'opened', 'closed']],
  ['both before the door moved', ['courier', 'resident', 'opened', 'closed']],
] as const

const endings = [
  ['was laid there', 'occupied', () => parcelPlaced(house.ctx, second.id), 'waiting', 'in-use'],
  [
    'was taken along',
    'vacant',
    () => parcelPlaced(house.ctx, second.id).catch(() => parcelPlaced(house.ctx, second.id)),
    'contested',
    'contested',
  ],
  ['is called off', 'vacant', () => cancelParcel(house.ctx, second.id), 'cancelled', 'contested'],
  // seen empty by the sensor, its door shut
  ['does not fit', 'vacant', () => swapParcel(house.ctx, second.id, { size: 'M' }), 'placing', 'free'],
] as const

test.each(orders.flatMap(order => endings.map(ending => [order[0], ending[0], order, ending] as const)))(
  '%s, and the second %s: the first is collected, and the box is what is known of it',
  async (_order, _ending, [, order], [, seen, ends, state, offer]) => {
    await happens(order)
    await happens([seen])
    expect(await stateOf(house, first.id)).toBe('collected')
    // the courier is still there
    expect(await offerOf(house, first.doorId)).toBe('reserved')
    await ends()
    expect([await stateOf(house, second.id), await offerOf(house, first.doorId)]).toEqual([state, offer])
    if (state === 'waiting') {
      const { pickupGrantId } = await rowOf(second.id)
      expect(await codeOfGrant(house.ctx, pickupGrantId)).not.toBe(
        await codeOfGrant(house.ctx, (await rowOf(first.id)).pickupGrantId),
      )
      const [grant] = await house.ctx.sql`select used_at, revoked_at from grants where id = ${pickupGrantId}`
      expect(grant).toEqual({ usedAt: null, revokedAt: null })
    }
    expect(await brokenAt(house.ctx.sql, house.siteId)).toBeNull()
  },
)

// the door was open while a courier stood there: what lies in it now is for who looks to say
test('the first is fetched, and the courier’s order never opened anything: looked at before it is offered as free', async () => {
  await happens(['resident', 'opened', 'closed', 'vacant'])
  expect([await stateOf(house, first.id), await offerOf(house, first.doorId)]).toEqual(['collected', 'reserved'])
  await house.ctx.sql`update orders set state = 'refused', refused_reason = 'busy' where id = ${second.orderId}`
  await cancelParcel(house.ctx, second.id)
  expect([await stateOf(house, second.id), await offerOf(house, first.doorId)]).toEqual(['cancelled', 'contested'])
})

test('the courier goes away without a word while the first is fetched: contested, and found by who looks', async () => {
  await happens(['courier', 'opened', 'resident', 'closed', 'vacant'])
  await house.ctx.sql`update parcels set opened_at = opened_at - interval '6 minutes' where id = ${second.id}`
  await runJobs(house)
  expect(await stateOf(house, first.id)).toBe('collected')
  expect([await stateOf(house, second.id), await offerOf(house, first.doorId)]).toEqual(['contested', 'contested'])
})

test('the code is typed at a door that somebody had left open: collected when it is shut', async () => {
  await house.ctx.sql`update parcels set state = 'cancelled', ended_at = now() where id = ${second.id}`
  await house.ctx.sql`update doors set offer = 'in-use', state = 'open' where id = ${first.doorId}`
  await happens(['resident', 'closed', 'vacant'])
  expect([await stateOf(house, first.id), await offerOf(house, first.doorId)]).toEqual(['collected', 'free'])
})
