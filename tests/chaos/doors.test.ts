import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { movesOf } from '../../firmware-sim/scenarios.ts'
import { eventually } from '../support/eventually.ts'
import { type House, openHouse } from './house.ts'
import { openSite, type Site } from './site.ts'

let site: Site
let house: House
beforeAll(async () => {
  site = await openSite()
})
afterEach(() => house.close())
afterAll(() => site.close())

const found = (doorId: string, what: 'empty' | 'parcel') =>
  site.landlord('POST', `/api/doors/${doorId}/looked`, { found: what, reason: 'test' })

describe('the power goes in the middle of an opening', () => {
  /** Armed with seeds until that point is the one the luck of the seed chose. */
  async function die(point: string, parcel: { door: number; code: string }) {
    const { sim } = house
    for (let seed = 1; !sim.faults.some(each => each.point === point); seed++) {
      sim.faults.length = 0
      movesOf('cut-in-opening', sim, seed).dieInNextOpening()
    }
    const before = sim.state().boot
    expect(await sim.typeCode(1, parcel.code)).toEqual({ result: 'refused', reason: 'no-power' })
    movesOf('cut-in-opening', sim, 1).restorePower()
    expect(sim.state().boot).not.toBe(before)
    await house.settled()
  }

  test('before the bolt moved: a doubt in the history, the parcel waits, and the code still opens', async () => {
    house = await openHouse(site)
    const parcel = await house.deposit()
    await die('die-after-accepted-before-bolt', parcel)
    expect((await house.events()).map(each => each.type).slice(-3)).toEqual(['accepted', 'started', 'clock-set'])
    expect(await house.suspects('opening-doubted')).toHaveLength(1)
    expect((await house.parcel(parcel.id)).state).toBe('waiting')
    expect(await house.wall(parcel.door)).toMatchObject({ offer: 'in-use', state: 'closed' })
    await house.collect(parcel)
    await house.settled()
    expect((await house.parcel(parcel.id)).state).toBe('collected')
    expect(await house.wall(parcel.door)).toMatchObject({ offer: 'free' })
    await house.whole()
  })

  test('after the bolt, before its unlocked: open is seen, empty without a use is contested and never free', async () => {
    house = await openHouse(site)
    const { sim } = house
    const parcel = await house.deposit()
    await die('die-after-bolt-before-unlocked', parcel)
    const told = (await house.events()).map(each => each.type)
    expect(told.slice(-4)).toEqual(['accepted', 'started', 'opened', 'clock-set'])
    expect(await house.wall(parcel.door)).toMatchObject({ offer: 'in-use', state: 'open' })
    sim.take(parcel.door)
    sim.shutDoor(parcel.door)
    await house.settled()
    expect((await house.parcel(parcel.id)).state).toBe('waiting')
    expect(await house.suspects('vacant')).toHaveLength(1)
    expect(await house.wall(parcel.door)).toMatchObject({ offer: 'contested', state: 'closed' })
    expect((await found(parcel.doorId, 'empty')).status).toBe(200)
    // nobody saw a use, so the code is taken back before the box is given to somebody else
    await house.settled()
    expect(await sim.typeCode(1, parcel.code)).toMatchObject({ result: 'refused', reason: 'unknown' })
    expect((await house.wall(parcel.door)).offer).toBe('free')
    await house.whole()
  })

  test('after unlocked: it was used, once and for ever, and is collected when the box is shut and empty', async () => {
    house = await openHouse(site)
    const { sim } = house
    const parcel = await house.deposit()
    await die('die-after-unlocked', parcel)
    expect((await house.parcel(parcel.id)).state).toBe('waiting')
    sim.take(parcel.door)
    sim.shutDoor(parcel.door)
    await house.settled()
    expect(await sim.typeCode(1, parcel.code)).toMatchObject({ result: 'refused', reason: 'used' })
    expect((await house.parcel(parcel.id)).state).toBe('collected')
    expect(await house.wall(parcel.door)).toMatchObject({ offer: 'free' })
    await house.whole()
  })
})

describe('a stuck door', () => {
  test('is jammed and shown, the parcel is not collected and the code not used, no parcel goes there', async () => {
    house = await openHouse(site, { doors: 2 })
    const { sim } = house
    const parcel = await house.deposit()
    for (let seed = 1; !sim.state().doors[parcel.door - 1]!.jammed; seed++) {
      for (const { door } of sim.state().doors) sim.jam(door, false)
      movesOf('stuck-door', sim, seed).jamDoor()
    }
    expect(await sim.typeCode(1, parcel.code)).toEqual({ result: 'refused', reason: 'jammed' })
    await house.settled()
    expect(await house.wall(parcel.door)).toMatchObject({ state: 'jammed', offer: 'in-use' })
    expect((await house.parcel(parcel.id)).state).toBe('waiting')
    const open = await site.landlord('POST', `/api/doors/${parcel.doorId}/open`, { reason: 'help' })
    const orderId = String(open.body.orderId)
    const order = await eventually(async () => {
      const { body } = await site.landlord('GET', `/api/orders/${orderId}`)
      return body.state === 'refused' && body
    })
    expect(order).toMatchObject({ reason: 'jammed', unlockedAt: null, openedAt: null })
    sim.jam(parcel.door, false)
    await house.collect(parcel)
    await house.settled()
    expect((await house.parcel(parcel.id)).state).toBe('collected')
    await house.whole()
  })

  test('a courier whose box is stuck gets another one, and the stuck one is not given out', async () => {
    house = await openHouse(site, { doors: 2 })
    const { sim } = house
    sim.jam(1, true)
    sim.jam(2, true)
    const placing = await house.place()
    await eventually(async () => (await house.wall(placing.door)).state === 'jammed')
    sim.jam(3 - placing.door, false)
    expect((await house.placed(placing.id)).body).toMatchObject({ error: { reason: 'not-opened' } })
    const swap = await site.courier('POST', `/api/parcels/${placing.id}/swap`, { size: 'S' })
    expect(swap.status, JSON.stringify(swap.body)).toBe(201)
    expect(swap.body.door).toBe(3 - placing.door)
    const third = { controllerId: 'x', residentId: site.residentId, size: 'S' }
    const full = await site.courier('POST', '/api/parcels', { ...third, controllerId: (await house.row()).id })
    expect(full.body).toMatchObject({ error: { reason: 'none-free' } })
    await house.settled()
    await house.whole()
  })
})

describe('a lying sensor', () => {
  const seeLie = (door: number, lie: { leaf?: 'open' | 'closed'; occupied?: boolean } | null) =>
    house.sim.lieSensor(door, lie)

  test('sees nothing in a box that was filled: asked once, then contested; the parcel has its code', async () => {
    house = await openHouse(site)
    const { sim } = house
    const placing = await house.place()
    await eventually(() => sim.state().doors[placing.door - 1]!.leaf === 'open')
    sim.put(placing.door)
    seeLie(placing.door, { occupied: false })
    sim.shutDoor(placing.door)
    await house.settled()
    expect((await house.placed(placing.id)).body).toMatchObject({ error: { reason: 'not-seen' } })
    expect((await house.placed(placing.id)).body).toMatchObject({ state: 'contested' })
    expect((await house.wall(placing.door)).offer).toBe('contested')
    await house.settled()
    expect(await sim.typeCode(1, await house.codeOf(placing.id))).toEqual({ result: 'open', door: placing.door })
  })

  test('sees something in a box that was emptied: collected, and contested until somebody looked', async () => {
    house = await openHouse(site)
    const parcel = await house.deposit()
    seeLie(parcel.door, { occupied: true })
    await house.collect(parcel)
    await house.settled()
    expect((await house.parcel(parcel.id)).state).toBe('collected')
    expect((await house.wall(parcel.door)).offer).toBe('contested')
    await found(parcel.doorId, 'empty')
    expect((await house.wall(parcel.door)).offer).toBe('free')
  })

  test('never sees the door open: jammed, a doubt, not collected, and what it sees as empty is contested', async () => {
    house = await openHouse(site)
    const { sim } = house
    const parcel = await house.deposit()
    seeLie(parcel.door, { leaf: 'closed' })
    expect(await sim.typeCode(1, parcel.code)).toMatchObject({ result: 'open' })
    await house.settled()
    await eventually(async () => (await house.wall(parcel.door)).state === 'jammed', { withinMs: 10_000 })
    expect((await house.parcel(parcel.id)).state).toBe('waiting')
    expect((await house.wall(parcel.door)).offer).toBe('in-use')
    sim.take(parcel.door)
    sim.shutDoor(parcel.door)
    seeLie(parcel.door, null)
    await house.settled()
    expect((await house.wall(parcel.door)).offer).not.toBe('free')
  })

  test('sees a shut door open: forced, and a free box is contested until somebody looked', async () => {
    house = await openHouse(site, { doors: 1 })
    seeLie(1, { leaf: 'open' })
    await eventually(async () => (await house.wall(1)).state === 'open')
    expect(await house.events('forced')).toHaveLength(1)
    seeLie(1, null)
    await house.settled()
    expect(await house.wall(1)).toMatchObject({ state: 'closed', offer: 'contested' })
  })

  test('without any sensor the use alone is evidence: collected as unconfirmed, the box unchecked and not free', async () => {
    house = await openHouse(site, { doorSensor: false, occupancySensor: false })
    const { sim } = house
    const placing = await house.place()
    await eventually(async () => (await house.parcel(placing.id)).step === 'unlocked')
    expect((await house.placed(placing.id)).body.state).toBe('waiting')
    await house.settled()
    expect(await sim.typeCode(1, await house.codeOf(placing.id))).toMatchObject({ result: 'open' })
    await house.settled()
    expect(await house.parcel(placing.id)).toMatchObject({ state: 'collected', unconfirmed: true })
    expect((await house.wall(placing.door)).offer).toBe('unchecked')
  })

  test('whatever lies the seed makes, a box with a parcel in it is never free', async () => {
    house = await openHouse(site, { doors: 2 })
    const { sim } = house
    const parcel = await house.deposit()
    const { lieOrNot } = movesOf('lying-sensor', sim, 11)
    for (let i = 0; i < 60; i++) {
      lieOrNot()
      if (i % 10 === 9) await house.settled()
      expect(['in-use', 'contested']).toContain((await house.wall(parcel.door)).offer)
    }
    expect(['waiting', 'contested']).toContain((await house.parcel(parcel.id)).state)
    expect((await house.suspects()).length + (await house.events('forced')).length).toBeGreaterThan(0)
    await house.whole()
  })
})
