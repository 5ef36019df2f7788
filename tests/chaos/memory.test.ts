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

test('wiped journal: a new one from its first, nothing applied twice, what was told of and never came is a loss [STATUS-23]', async () => {
  house = await openHouse(site)
  const { sim } = house
  const first = await house.deposit()
  await house.collect(first)
  const second = await house.deposit()
  const old = sim.state().journal
  const moves = movesOf('wiped-journal', sim, 1)
  // a status tells of events whose messages never arrive
  sim.faults.push({ point: 'drop', way: 'up', kind: 'events' })
  sim.tamper()
  sim.tamper()
  sim.cutNetwork()
  sim.restoreNetwork()
  await eventually(async () => (await house.row()).last === old.last + 2)
  sim.faults.length = 0
  moves.wipeJournal()
  await house.settled()

  const now = sim.state().journal
  expect(now.name).not.toBe(old.name)
  const journals = await site.sql`
    select journal, seq from journals where journal in (${old.name}, ${now.name}) order by created_at`
  expect([...journals]).toEqual([
    { journal: old.name, seq: old.last },
    { journal: now.name, seq: now.last },
  ])
  expect(await house.suspects('loss')).toMatchObject([
    { journal: old.name, facts: { from: old.last + 1, to: old.last + 2 }, suspect: 'events-lost' },
  ])
  expect((await house.events()).filter(each => each.journal === now.name)[0]).toMatchObject({ seq: 1, type: 'started' })
  expect((await house.controller()).suspect).toBe(1)
  await house.whole()

  // the use of the first code went with the journal, the server's list tells it
  expect(await sim.typeCode(1, first.code)).toMatchObject({ result: 'refused', reason: 'used' })
  expect((await house.parcel(first.id)).state).toBe('collected')
  await house.collect(second)
  await house.settled()
  expect((await house.parcel(second.id)).state).toBe('collected')
  expect(await house.events('unlocked')).toHaveLength(4)
})

test('a journal wiped when all of it was recorded loses nothing, and nothing is said', async () => {
  house = await openHouse(site)
  movesOf('wiped-journal', house.sim, 1).wipeJournal()
  await house.settled()
  expect(await house.suspects()).toEqual([])
  await house.whole()
})

test('rolled-back flash: a new journal after the welcome, shown as suspect, and no code opens twice [STATUS-16, STATUS-22, STATUS-24]', async () => {
  house = await openHouse(site)
  const { sim } = house
  const parcel = await house.deposit()
  const moves = movesOf('rolled-back-flash', sim, 1)
  moves.keepFlash()
  const old = sim.state().journal
  await house.collect(parcel)
  await house.settled()
  const recorded = sim.state().journal.last
  moves.rollBackFlash()
  await house.settled()

  expect(sim.state().journal.name).not.toBe(old.name)
  expect(await house.suspects('journal-behind')).toMatchObject([
    { facts: { journal: old.name, recorded, boot: sim.state().boot } },
  ])
  expect((await house.controller()).suspect).toBe(1)
  expect(await house.suspects('loss')).toEqual([])
  expect(await sim.typeCode(1, parcel.code)).toMatchObject({ result: 'refused', reason: 'used' })
  await house.settled()
  expect(await house.events('unlocked')).toHaveLength(2)
  expect((await house.parcel(parcel.id)).state).toBe('collected')
  await house.whole()
})

test('rolled-back flash without network: what it did under numbers given before is kept beside them, as suspect', async () => {
  house = await openHouse(site)
  const { sim } = house
  const parcel = await house.deposit()
  const moves = movesOf('rolled-back-flash', sim, 1)
  moves.keepFlash()
  await house.collect(parcel)
  await house.settled()
  const { name } = sim.state().journal
  sim.cutNetwork()
  moves.rollBackFlash()
  // it cannot know of the use; the list it has does not tell it yet
  await house.collect(parcel)
  sim.restoreNetwork()
  await house.settled()
  expect(sim.state().journal.name).toBe(name)
  const kept = (await house.suspects('unlocked')).concat(await house.suspects('accepted'))
  expect(kept).toHaveLength(2)
  for (const each of kept) expect(each).toMatchObject({ journal: name, suspect: 'number-used-twice' })
  expect(await house.events('unlocked')).toHaveLength(3)
  expect((await house.controller()).suspect).toBeGreaterThan(0)
  expect(await house.parcel(parcel.id)).toMatchObject({ state: 'collected', step: 'closed' })
  await house.whole()
})

test('cloned controller: two with one identity are shown as such, once an hour and not every second [STATUS-24]', async () => {
  house = await openHouse(site)
  const { sim } = house
  const parcel = await house.deposit()
  movesOf('cloned-controller', sim, 1).copyDevice()
  const twice = await eventually(async () => (await house.suspects('identity-twice'))[0], { withinMs: 20_000 })
  expect(twice.facts.boot === sim.state().boot || twice.facts.other === sim.state().boot).toBe(true)
  await eventually(async () => (await house.facts('controller-online')).length > 8, { withinMs: 25_000 })
  expect(await house.suspects('identity-twice')).toHaveLength(1)
  expect((await house.controller()).suspect).toBeGreaterThanOrEqual(1)
  const answer = await site.landlord('GET', '/api/history?suspect=true&type=identity-twice')
  expect(answer.body.items).toHaveLength(1)
  expect((await house.parcel(parcel.id)).state).toBe('waiting')
  await house.whole()
})
