import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type House, openHouse } from '../chaos/house.ts'
import { openSite, type Site } from '../chaos/site.ts'
import { signIn } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'

/** What goes wrong in real systems, by its number: what lasts too short, or comes too late. */
let site: Site
let house: House
beforeAll(async () => {
  site = await openSite()
})
afterEach(() => house.close())
afterAll(() => site.close())

const day = 24 * 3600_000
const reason = 'at the counter'
const isAway = () => eventually(async () => (await house.row()).online === false, { withinMs: 20_000 })
const open = async (doorId: string) => site.landlord('POST', `/api/doors/${doorId}/open`, { reason })

test('9 a stale command opens no door minutes later, nor at a reconnect: refused at once, or by the bank itself', async () => {
  house = await openHouse(site)
  const { sim } = house
  const parcel = await house.deposit()
  const shut = () => expect(sim.state().doors[parcel.door - 1]).toMatchObject({ leaf: 'closed', bolt: 'locked' })
  const ordered = (await house.facts('order-made')).length
  sim.cutNetwork()
  await isAway()
  expect(await open(parcel.doorId)).toMatchObject({ status: 409, body: { error: { reason: 'not-reachable' } } })
  for (let again = 0; again < 3; again++) {
    sim.restoreNetwork()
    await house.settled()
    shut()
    sim.cutNetwork()
    await isAway()
  }
  expect(await house.facts('order-made')).toHaveLength(ordered)

  sim.restoreNetwork()
  await house.settled()
  // on its way for minutes of the bank's time
  sim.faults.push({ point: 'delay', way: 'down', kind: 'order', ms: 300, times: 1 })
  const late = await open(parcel.doorId)
  expect(late.status).toBe(202)
  await eventually(() => sim.faults.length === 0)
  await site.forward(3 * 60_000)
  await eventually(() => sim.state().lastOrderRefusals.length > 0)
  expect(sim.state().lastOrderRefusals).toMatchObject([{ order: late.body.orderId, reason: 'late' }])
  shut()
  await house.settled()
  const told = (await site.landlord('GET', `/api/orders/${late.body.orderId}`)).body
  expect(told).toMatchObject({ state: 'refused', reason: 'late', unlockedAt: null })
  expect(await house.state(parcel.id)).toBe('waiting')
})

test('8 deadlines of 48 h to the minute, paid extensions: five days, more time for nothing, and a deadline is not a lock', async () => {
  house = await openHouse(site)
  const [late, extended] = [await house.deposit(), await house.deposit()]
  const { deadlineAt, placedAt } = await house.parcel(late.id)
  expect(deadlineAt - placedAt).toBeGreaterThan(4 * day)
  await house.pass(20 * day)
  await eventually(async () => (await house.state(late.id)) === 'expired', { withinMs: 20_000 })
  const more = await site.landlord('POST', `/api/parcels/${extended.id}/extend`, { reason: 'in hospital' })
  expect(more.body).toMatchObject({ state: 'waiting' })
  await house.settled()
  for (const parcel of [late, extended]) await house.collect(parcel)
  await house.settled()
  expect([await house.state(late.id), await house.state(extended.id)]).toEqual(['collected', 'collected'])
})

test('11 offline codes hold no surprise: at once, after eight days, and one taken back is shown as not known to the bank yet', async () => {
  house = await openHouse(site)
  const [fresh, old, shared] = [await house.deposit(), await house.deposit(), await house.deposit()]
  const { memberNumber, pin } = site.resident
  let jeanne = await signIn(site.url, { memberNumber, pin })
  const delegate = await jeanne('POST', `/api/parcels/${shared.id}/delegate`, { name: 'Luc' })
  await house.settled()
  house.sim.cutNetwork()
  await isAway()
  // nothing begins on the hour
  await house.collect(fresh)
  const revoked = await jeanne('POST', `/api/delegates/${delegate.body.id}/revoke`)
  expect(revoked.status).toBe(200)
  await house.pass(8 * day)
  await house.collect(old)

  jeanne = await signIn(site.url, { memberNumber, pin })
  const told = async () => {
    const mine = (await jeanne('GET', '/api/me/parcels')).body.items as unknown as { id: string; delegates: object[] }[]
    return mine.find(each => each.id === shared.id)!.delegates
  }
  const { lastHeardAt } = await house.row()
  const unknown = { state: 'revoked', bankKnows: false, bankSeenAt: lastHeardAt.toISOString() }
  expect(await told()).toMatchObject([unknown])
  const { made, known } = (await house.controller()).grantsVersion as { made: number; known: number }
  expect(known).toBeLessThan(made)

  house.sim.restoreNetwork()
  // an outage gives more time, so yet another list follows
  await eventually(
    async () => {
      const now = (await house.controller()).grantsVersion as { made: number; known: number }
      return now.made > made && now.known === now.made
    },
    { withinMs: 20_000 },
  )
  expect(await told()).toMatchObject([{ state: 'revoked', bankKnows: true }])
  expect(await house.sim.typeCode(1, String(delegate.body.code))).toMatchObject({
    result: 'refused',
    reason: 'unknown',
  })
  await house.settled()
  await house.collect(shared)
  await house.settled()
  for (const { id } of [fresh, old, shared]) expect(await house.state(id)).toBe('collected')
})
