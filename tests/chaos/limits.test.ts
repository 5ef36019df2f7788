import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { movesOf } from '../../firmware-sim/scenarios.ts'
import { eventually } from '../support/eventually.ts'
import { type House, hour, minute, openHouse } from './house.ts'
import { openSite, type Site } from './site.ts'

let site: Site
let house: House
beforeAll(async () => {
  site = await openSite()
})
afterEach(() => house.close())
afterAll(() => site.close())

const serverNow = () => Date.now() + site.shift()

test('full journal: opens nothing by its own list and says so, loses nothing, and opens again once it was heard', async () => {
  house = await openHouse(site, { journalSize: 60 })
  const { sim } = house
  const parcel = await house.deposit()
  const { cutNetwork, tamper } = movesOf('full-journal', sim, 1)
  cutNetwork()
  for (let i = 0; i < 80; i++) tamper()
  sim.openDoor(4)
  expect(await sim.typeCode(1, parcel.code)).toEqual({ result: 'refused', reason: 'journal-full' })
  expect(sim.state().doors[parcel.door - 1]).toMatchObject({ leaf: 'closed', bolt: 'locked' })
  const { last } = sim.state().journal
  sim.restoreNetwork()
  await house.settled()
  expect(await house.events('sensors-muted')).toHaveLength(1)
  expect((await house.events()).map(each => each.seq)).toContain(last)
  // what the sensors saw meanwhile is told when there is room
  await eventually(async () => (await house.wall(4)).state === 'open')
  expect(await house.events('unlocked')).toHaveLength(1)
  expect((await house.parcel(parcel.id)).state).toBe('waiting')
  expect(await house.suspects('loss')).toEqual([])
  await house.collect(parcel)
  await house.settled()
  expect((await house.parcel(parcel.id)).state).toBe('collected')
  await house.whole()
})

test('chattering sensor: few events however much it chatters, and the other doors go on', async () => {
  house = await openHouse(site)
  const { sim } = house
  const parcel = await house.deposit()
  const { chatter } = movesOf('chattering-sensor', sim, 2)
  const seconds = 300
  for (let i = 0; i < seconds * 4; i++) {
    chatter()
    if (i % 4 === 3) await site.forward(1000)
    if (i % 40 === 39) await new Promise(setImmediate)
  }
  sim.lieSensor(1, null)
  await site.forward(10_000)
  await house.settled()
  const pairs = seconds / 10 + 2
  for (const type of ['opened', 'closed', 'forced']) {
    const told = (await house.events(type)).filter(each => each.facts.door === 1 && each.facts.at !== undefined)
    expect(told.length, type).toBeLessThanOrEqual(pairs + 1)
  }
  expect((await house.events('opened')).length).toBeGreaterThan(10)
  expect(await house.wall(1)).toMatchObject({ state: 'closed' })
  expect(['contested', 'in-use']).toContain((await house.wall(1)).offer)
  expect((await house.place()).door).not.toBe(1)
  expect(['waiting', 'contested']).toContain((await house.parcel(parcel.id)).state)
  await house.whole()
})

describe('clock', () => {
  const beat = async () => {
    const before = house.sim.state().up
    await house.pass(minute)
    await eventually(async () => (await house.row()).up >= before + minute)
    await house.settled()
  }
  const offBy = () => Math.abs(house.sim.state().clock.time - serverNow())

  test('drift: corrected at the next welcome, recorded when more than 30 s, and what does not add up is suspect', async () => {
    house = await openHouse(site)
    const { sim } = house
    const drifts: number[] = []
    for (const seed of [4, 5, 7, 8]) {
      const before = (await house.events('clock-set')).length
      const suspects = (await house.suspects()).length
      movesOf('clock-drift', sim, seed).driftClock()
      const drift = sim.state().clock.time - serverNow()
      expect(Math.abs(drift)).toBeGreaterThan(30_000)
      drifts.push(drift)
      sim.tamper()
      await house.settled()
      expect((await house.suspects()).length - suspects).toBe(drift < 0 ? 1 : 0)
      await beat()
      const set = (await house.events('clock-set')).slice(before)
      expect(set).toHaveLength(1)
      expect(Math.abs(Number(set[0]!.facts.by) + drift)).toBeLessThan(5_000)
      expect(offBy()).toBeLessThan(5_000)
      sim.tamper()
      await house.settled()
      expect((await house.suspects()).length - suspects).toBe(drift < 0 ? 1 : 0)
    }
    expect([Math.min(...drifts) < 0, Math.max(...drifts) > 0]).toEqual([true, true])
    await house.whole()
  })

  test('a drift of less than 30 s is corrected and not worth an event', async () => {
    house = await openHouse(site)
    house.sim.driftClock(20_000)
    await beat()
    expect(offBy()).toBeLessThan(5_000)
    expect(await house.events('clock-set')).toHaveLength(1)
  })

  test('lost with power and network: codes it knew open, and hours later each event has its true time', async () => {
    house = await openHouse(site)
    const { sim } = house
    const parcel = await house.deposit()
    const moves = movesOf('clock-lost', sim, 1)
    moves.loseClock()
    expect(sim.state().clock.kind).toBe('none')
    await house.pass(10 * minute)
    await eventually(() => sim.state().up >= 10 * minute)
    const opened = serverNow()
    await house.collect(parcel)
    expect(sim.events().at(-1)).toMatchObject({ type: 'vacant', clock: 'none' })
    await house.pass(3 * hour)
    moves.blinkNetwork()
    await house.settled()
    expect(sim.state().clock.kind).toBe('synced')
    const unlocked = (await house.events('unlocked')).at(-1)!
    expect(Math.abs(unlocked.at.getTime() - opened)).toBeLessThan(5_000)
    expect(unlocked).toMatchObject({ live: false, suspect: null })
    expect((await house.parcel(parcel.id)).state).toBe('collected')
    expect(Math.abs((await house.parcel(parcel.id)).endedAt.getTime() - opened)).toBeLessThan(5_000)
    await beat()
    expect(await house.controller()).toMatchObject({ clock: 'synced', online: true })
    const set = (await house.events('clock-set')).at(-1)!
    expect(Math.abs(Number(set.facts.by) + sim.state().up - serverNow())).toBeLessThan(5_000)
    await house.whole()
  })
})
