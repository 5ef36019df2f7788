import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type House, openHouse } from '../chaos/house.ts'
import { openSite, type Site } from '../chaos/site.ts'
import { signIn } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'

/** What goes wrong in real systems, by its number: what is said of a box, and what is really in it. */
let site: Site
let house: House
beforeAll(async () => {
  site = await openSite()
})
afterEach(() => house.close())
afterAll(() => site.close())

const reason = 'at the counter'
const looked = (doorId: string, found: 'empty' | 'parcel' | 'something-else') =>
  site.landlord('POST', `/api/doors/${doorId}/looked`, { found, reason })

// before the others: those let time pass, which only servers and devices know of, the database does not
test('also: the caretaker carries a parcel to another box: one parcel, one code, and the box it left is looked into', async () => {
  house = await openHouse(site, { doors: 2 })
  const { sim } = house
  const old = await house.deposit()
  const asked = { controllerId: house.id, residentId: site.residentId, size: 'S' }
  const moved = (await site.landlord('POST', '/api/parcels', asked)).body as unknown as { id: string; door: number }
  await house.isOpen(moved.door)
  expect((await site.landlord('POST', `/api/doors/${old.doorId}/open`, { reason: 'bolt grates' })).status).toBe(202)
  await house.isOpen(old.door)
  sim.take(old.door)
  sim.shutDoor(old.door)
  sim.put(moved.door)
  sim.shutDoor(moved.door)
  await house.settled()
  // seen empty, and nobody had collected
  expect([await house.state(old.id), await house.offer(old.door)]).toEqual(['waiting', 'contested'])
  expect((await house.suspects()).map(each => each.suspect)).toEqual(['not-collected'])
  expect((await site.landlord('POST', `/api/parcels/${moved.id}/placed`)).body).toMatchObject({ state: 'waiting' })
  const corrected = await site.landlord('POST', `/api/parcels/${old.id}/correct`, {
    state: 'cancelled',
    reason: 'moved',
  })
  expect(corrected.status).toBe(200)
  await house.settled()
  expect(await sim.typeCode(1, old.code)).toMatchObject({ result: 'refused', reason: 'unknown' })
  expect(await house.offer(old.door)).toBe('contested')
  await looked(old.doorId, 'empty')
  expect(await house.offer(old.door)).toBe('free')
  await house.collect({ door: moved.door, code: await house.codeOf(moved.id) })
  await house.settled()
  expect([await house.state(old.id), await house.state(moved.id)]).toEqual(['cancelled', 'collected'])
  expect([await house.offer(1), await house.offer(2)]).toEqual(['free', 'free'])
})

test('3 "pulse sent" is not recorded as "opened": order, bolt and door are three facts, and a parcel behind a shut door still waits', async () => {
  house = await openHouse(site, { springs: false, doors: 2 })
  const { sim } = house
  const placing = await house.place()
  await eventually(() => sim.state().doors[placing.door - 1]!.bolt === 'unlocked')
  sim.openDoor(placing.door)
  sim.put(placing.door)
  sim.shutDoor(placing.door)
  await house.settled()
  await house.placed(placing.id)
  await house.settled()
  const code = await house.codeOf(placing.id)

  sim.jam(placing.door, true)
  const opened = await site.landlord('POST', `/api/doors/${placing.doorId}/open`, { reason })
  const order = async () => (await site.landlord('GET', `/api/orders/${opened.body.orderId}`)).body
  await eventually(async () => (await order()).state === ('refused' as never))
  expect(await order()).toMatchObject({ reason: 'jammed', unlockedAt: null, openedAt: null })
  expect((await order()).acceptedAt).not.toBeNull()
  expect(await sim.typeCode(1, code)).toMatchObject({ result: 'refused', reason: 'jammed' })
  await house.settled()
  expect([await house.state(placing.id), await house.offer(placing.door)]).toEqual(['waiting', 'in-use'])

  // the bolt moves, and nobody pulls the door
  sim.jam(placing.door, false)
  expect(await sim.typeCode(1, code)).toMatchObject({ result: 'open' })
  await site.forward(4_000)
  sim.tamper()
  await eventually(() => sim.state().doors[placing.door - 1]!.bolt === 'locked')
  await house.settled()
  expect([await house.state(placing.id), await house.offer(placing.door)]).toEqual(['waiting', 'in-use'])
  expect(await sim.typeCode(1, code)).toMatchObject({ result: 'open' })
  sim.openDoor(placing.door)
  sim.take(placing.door)
  sim.shutDoor(placing.door)
  await house.settled()
  expect([await house.state(placing.id), await house.offer(placing.door)]).toEqual(['collected', 'free'])
})

test('4 an occupied box is not offered again: after a cancel, no word, a parcel put back, and one that is not theirs', async () => {
  house = await openHouse(site, { doors: 4, occupancySensor: false })
  const cancelled = await house.fill()
  expect((await site.courier('POST', `/api/parcels/${cancelled.id}/cancel`)).body.state).toBe('cancelled')
  const left = await house.fill()
  await house.pass(6 * 60_000)
  await eventually(async () => (await house.state(left.id)) === 'contested')
  const strange = await house.deposit()
  const { memberNumber, pin } = site.resident
  const jeanne = await signIn(site.url, { memberNumber, pin })
  expect((await jeanne('POST', `/api/parcels/${strange.id}/alert`, { kind: 'not-mine' })).status).toBe(201)
  const back = await house.deposit()
  expect(await house.sim.typeCode(1, back.code)).toEqual({ result: 'open', door: back.door })
  house.sim.shutDoor(back.door)
  await house.settled()
  // nobody saw inside: offered as unchecked, and the next courier says what is in it
  expect(await house.offer(back.door)).toBe('unchecked')
  const next = await house.place()
  expect(next).toMatchObject({ door: back.door, unchecked: true })
  await house.isOpen(next.door)
  const swap = await site.courier('POST', `/api/parcels/${next.id}/swap`, { size: 'S', found: 'something' })
  expect(swap.body).toMatchObject({ error: { reason: 'none-free' } })
  for (const { door, doorId } of [cancelled, left, strange, back]) {
    expect(await house.offer(door)).toBe('contested')
    await looked(doorId, 'something-else')
    expect(await house.offer(door)).toBe('contested')
  }
})

test('4 an occupied box is not offered again: where a sensor sees that the parcel was put back', async () => {
  house = await openHouse(site, { doors: 1 })
  const back = await house.deposit()
  expect(await house.sim.typeCode(1, back.code)).toMatchObject({ result: 'open' })
  house.sim.shutDoor(back.door)
  await house.settled()
  expect([await house.state(back.id), await house.offer(back.door)]).toEqual(['collected', 'contested'])
  const asked = { controllerId: house.id, residentId: site.residentId, size: 'S' }
  expect((await site.courier('POST', '/api/parcels', asked)).body).toMatchObject({ error: { reason: 'none-free' } })
  await looked(back.doorId, 'empty')
  expect((await site.courier('POST', '/api/parcels', asked)).status).toBe(201)
})

test('6 "delivered" to the wrong person: anybody at the counter can look, it goes to the right one, the wrong one opens no more', async () => {
  house = await openHouse(site)
  const parcel = await house.deposit()
  const flat = `4${house.id}`
  const made = await site.landlord('POST', '/api/residents', { siteId: site.siteId, name: 'Paul Roux', flat })
  const { id: residentId, memberNumber, pin } = made.body as unknown as Record<string, string>
  const given = await site.landlord('POST', `/api/parcels/${parcel.id}/reassign`, { residentId, reason })
  expect(given.status, JSON.stringify(given.body)).toBe(200)
  await house.settled()
  expect(await house.sim.typeCode(1, parcel.code)).toMatchObject({ result: 'refused', reason: 'unknown' })
  const paul = await signIn(site.url, { memberNumber, pin })
  const mine = (await paul('GET', '/api/me/parcels')).body.items as unknown as { id: string; code: string }[]
  expect(mine.map(each => each.id)).toEqual([parcel.id])
  await house.collect({ ...parcel, code: mine[0]!.code.replaceAll(' ', '') })
  await house.settled()
  expect(await house.state(parcel.id)).toBe('collected')
  const { timeline } = (await site.landlord('GET', `/api/parcels/${parcel.id}`)).body
  expect((timeline as unknown as { type: string }[]).map(each => each.type)).toEqual(
    expect.arrayContaining(['parcel-placing', 'unlocked', 'parcel-waiting', 'parcel-reassigned', 'parcel-collected']),
  )
})
