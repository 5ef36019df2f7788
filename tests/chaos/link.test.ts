import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
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

/** The server has what the device wrote: each event once, in order, with the same content. */
async function sameAsWritten() {
  const written = house.sim.events().map(({ seq, ...event }) => ({ seq, event }))
  const recorded = (await house.events()).map(({ seq, facts }) => ({ seq, event: facts }))
  expect(recorded).toEqual(written)
  await house.whole()
}
/** so that what was lost is sent again without waiting for it */
const resendMs = 10_000

test('double delivery: one opening, one use, one try; the second order is refused as repeated', async () => {
  house = await openHouse(site)
  const { sim } = house
  const { doubleMessages } = movesOf('double-delivery', sim, 1)
  doubleMessages()
  const parcel = await house.deposit()
  doubleMessages()
  await house.collect(parcel)
  await house.settled()
  expect((await house.events('unlocked')).length).toBe(2)
  expect((await house.events('order-refused')).map(each => each.facts.reason)).toEqual(['repeated'])
  expect((await site.landlord('GET', `/api/orders/${parcel.orderId}`)).body).toMatchObject({
    state: 'done',
    late: false,
  })
  expect((await house.parcel(parcel.id)).state).toBe('collected')
  expect(await house.wall(parcel.door)).toMatchObject({ offer: 'free' })
  for (let i = 0; i < 3; i++) {
    doubleMessages()
    expect(await sim.typeCode(1, '99999999')).toEqual({ result: 'refused', reason: 'unknown' })
  }
  expect(await house.facts('ask-refused')).toHaveLength(3)
  const [tries] =
    await site.sql`select wrong, locked_until from attempts where subject like ${`%${(await house.row()).id}:1`}`
  expect(tries).toEqual({ wrong: 3, lockedUntil: null })
  expect(await house.suspects()).toEqual([])
  await sameAsWritten()
})

test('reboot storm: every start is recorded, no order of an earlier boot is obeyed, nothing is taken for a second device', async () => {
  house = await openHouse(site)
  const { sim } = house
  const parcel = await house.deposit()
  const { reboot } = movesOf('reboot-storm', sim, 5)
  const boots = new Set([sim.state().boot])
  for (let i = 0; i < 30; i++) {
    if (i === 10) {
      await house.settled()
      sim.faults.push({ point: 'delay', way: 'down', kind: 'order', ms: 1 })
      const open = await site.landlord('POST', `/api/doors/${parcel.doorId}/open`, { reason: 'look' })
      expect(open.status).toBe(202)
    }
    reboot()
    boots.add(sim.state().boot)
    if (i % 5 === 0) await eventually(() => sim.state().connected)
  }
  sim.faults.length = 0
  await house.settled()
  expect(boots.size).toBe(31)
  expect(await house.events('started')).toHaveLength(31)
  expect(await house.events('unlocked')).toHaveLength(1)
  expect(await house.suspects()).toEqual([])
  expect((await house.controller()).online).toBe(true)
  expect((await house.row()).boot).toBe(sim.state().boot)
  await house.collect(parcel)
  await house.settled()
  expect((await house.parcel(parcel.id)).state).toBe('collected')
  await sameAsWritten()
})

test('lost acks: the device sends again, the server has it once and acks again', async () => {
  house = await openHouse(site)
  const { sim } = house
  const parcel = await house.deposit()
  const { loseAcks } = movesOf('lost-ack', sim, 3)
  for (let i = 0; i < 4; i++) {
    loseAcks()
    sim.tamper()
    await eventually(async () => (await house.events('tampered')).length === i + 1)
    if (i === 0) expect(sim.state().journal.unacked).toBe(1)
    await eventually(
      async () => {
        if (sim.faults.length === 0 && sim.state().journal.unacked === 0) return true
        await site.forward(4 * resendMs)
        return false
      },
      { everyMs: 200, withinMs: 20_000 },
    )
  }
  await house.collect(parcel)
  await house.settled()
  expect((await house.parcel(parcel.id)).state).toBe('collected')
  await sameAsWritten()
})

test('flaky link: lost, late, doubled, swapped and cut in both ways; in the end all is there, once and in order', async () => {
  house = await openHouse(site)
  const { sim } = house
  const parcel = await house.deposit()
  const { disturbLink, blinkNetwork } = movesOf('flaky', sim, 7)
  for (let i = 0; i < 40; i++) {
    disturbLink()
    sim.openDoor(1 + (i % 4))
    sim.shutDoor(1 + (i % 4))
    if (i % 10 === 9) blinkNetwork()
    if (i % 10 === 9) blinkNetwork()
    await site.forward(resendMs)
    await new Promise(setImmediate)
  }
  sim.faults.length = 0
  await site.forward(12 * resendMs)
  await house.settled()
  await sameAsWritten()
  expect(await house.suspects('loss')).toEqual([])
  expect(['waiting', 'contested']).toContain((await house.parcel(parcel.id)).state)
  await house.collect(parcel)
  await house.settled()
  expect((await house.parcel(parcel.id)).state).toBe('collected')
})
