import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type House, openHouse } from '../chaos/house.ts'
import { openSite, type Site } from '../chaos/site.ts'
import { admin, asPerson } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'

/** What goes wrong in real systems, by its number: who collects, with or without a telephone, network or luck. */
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
const unlocks = () => house.sim.events().filter(each => each.type === 'unlocked')

test('1 app-only lockers shut people out: a slip at the keypad, a badge, or the counter opens, and no telephone is asked for', async () => {
  house = await openHouse(site)
  const [slip, badge, none] = [await house.deposit(), await house.deposit(), await house.deposit()]
  await house.collect(slip)
  const span = { from: new Date(Date.now() - 1000), until: new Date(Date.now() + day) }
  const given = { doorId: badge.doorId, ...span, uses: 1, means: 'badge', badge: '04a2b9c1', reason }
  expect((await site.landlord('POST', '/api/grants', given)).status).toBe(201)
  await house.settled()
  expect(await house.sim.badge(1, '04a2b9c1')).toEqual({ result: 'open', door: badge.door })
  const opened = await site.landlord('POST', `/api/parcels/${none.id}/collect-for`, { reason: 'known by sight' })
  expect(opened.status).toBe(202)
  await house.isOpen(none.door)
  house.sim.take(none.door)
  house.sim.shutDoor(none.door)
  await house.settled()
  expect([await house.state(slip.id), await house.state(none.id)]).toEqual(['collected', 'collected'])
  expect([await house.offer(slip.door), await house.offer(none.door)]).toEqual(['free', 'free'])
  const [helped] =
    await site.sql`select order_id, facts from history where parcel_id = ${none.id} and type = 'collect-for'`
  expect(helped!.orderId).toBe(opened.body.orderId)
  const [note] = await site.sql`select text from notes where id = ${helped!.facts.noteId}`
  expect(note!.text).toBe('known by sight')
})

test('10 people press again when nothing seems to happen: it opens once, and each press is told the same', async () => {
  house = await openHouse(site)
  const [helped, own] = [await house.deposit(), await house.deposit()]
  const { token } = (await asPerson(site.url)('POST', '/api/sessions', admin)).body
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': 'tap' }
  const body = JSON.stringify({ reason })
  const tap = async () =>
    (await fetch(`${site.url}/api/parcels/${helped.id}/collect-for`, { method: 'POST', headers, body })).text()
  expect(new Set(await Promise.all([tap(), tap(), tap()])).size).toBe(1)
  await house.isOpen(helped.door)
  house.sim.shutDoor(helped.door)
  await house.settled()
  expect(unlocks()).toHaveLength(3)
  expect(
    await site.sql`select 1 from orders where grant_id in
    (select pickup_grant_id from parcels where id = ${helped.id})`,
  ).toHaveLength(1)

  const pressed = await Promise.all([1, 2, 3].map(() => house.sim.typeCode(1, own.code)))
  expect(pressed.map(each => each.result)).toContain('open')
  await house.isOpen(own.door)
  house.sim.take(own.door)
  house.sim.shutDoor(own.door)
  await house.settled()
  expect([await house.state(own.id), await house.offer(own.door)]).toEqual(['collected', 'free'])
  expect(await house.suspects()).toEqual([])
})

// from here on time passes, which only servers and devices know of, the database does not
test('2 a link that fails holds no parcel hostage: the keypad opens without it, and what happened is known afterwards', async () => {
  house = await openHouse(site)
  const parcel = await house.deposit()
  house.sim.cutNetwork()
  await isAway()
  const before = Date.now()
  await house.collect(parcel)
  expect(await house.state(parcel.id)).toBe('waiting')
  await house.pass(2 * 60_000)
  house.sim.restoreNetwork()
  await house.settled()
  expect([await house.state(parcel.id), await house.offer(parcel.door)]).toEqual(['collected', 'free'])
  const told = (await house.facts('unlocked')).at(-1)!
  expect(told).toMatchObject({ live: false, suspect: null })
  expect(told.at.getTime() - site.shift()).toBeLessThan(before)
})

test('12 codes out of sync with the lock do not stay stuck: after an old flash, a wrong clock, a power cut, and with a new code', async () => {
  house = await openHouse(site)
  const { sim } = house
  const asNew = sim.stored()
  const parcels = [await house.deposit(), await house.deposit(), await house.deposit(), await house.deposit()] as const
  const [flash, clock, cut, again] = parcels
  sim.exchangeFlash(asNew)
  await house.settled()
  sim.cutNetwork()
  await house.collect(flash)

  sim.driftClock(-2 * 3600_000)
  sim.restoreNetwork()
  await house.settled()
  sim.cutNetwork()
  await house.collect(clock)

  sim.faults.push({ point: 'die-after-accepted-before-bolt', times: 1 })
  await sim.typeCode(1, cut.code).catch(() => {})
  sim.restorePower()
  await house.collect(cut)

  sim.restoreNetwork()
  await house.settled()
  const renewed = await site.landlord('POST', `/api/parcels/${again.id}/new-code`, { reason })
  await house.settled()
  expect(await sim.typeCode(1, again.code)).toMatchObject({ result: 'refused', reason: 'unknown' })
  await house.collect({ ...again, code: String(renewed.body.code) })
  await house.settled()
  for (const { id } of parcels) expect(await house.state(id)).toBe('collected')
})
