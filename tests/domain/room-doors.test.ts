import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { alarmAfter, endAlarm } from '../../server/domain/door-alarms.ts'
import { grantState } from '../../server/domain/grant-state.ts'
import { newId } from '../../server/domain/ids.ts'
import { doorLooked } from '../../server/domain/looked.ts'
import { wallControllers, wallDoors } from '../../server/store/wall.ts'
import { type House, openHouse } from './house.ts'

let house: House
let doorId: string
let seq = 0
const room = { door: 1, kind: 'room' as const, doorSensor: true, occupancySensor: false }
const box = { ...room, door: 2, kind: 'compartment' as const, size: 'S' as const }

beforeAll(async () => {
  house = await openHouse([room, box])
  doorId = await house.doorId(1)
  await house.online({
    doors: [
      { ...room, withoutPower: 'fail-safe' },
      { ...box, withoutPower: 'fail-secure' },
    ],
  })
})
afterAll(() => house?.close())
beforeEach(() => house.ctx.sql`update doors set alarm = null, alarm_at = null`)

const wall = async () => (await wallDoors(house.ctx.sql, house.siteId)).find(each => each.id === doorId)!
const controller = async () => (await wallControllers(house.ctx.sql, { siteIds: [house.siteId] }))[0]!
const tell = (live: boolean, ...types: string[]) =>
  house.say('events', {
    ...{ journal: 'j1', live },
    events: types.map(type => ({ seq: ++seq, at: Date.now(), clock: 'synced', type, door: 1 })),
  })
const recorded = (type: string) => house.ctx.sql`select live, facts from history where type = ${type} order by n`
const actorId = newId()

describe('alarms', () => {
  test('a forced door rings until somebody looked and says what they found', async () => {
    await tell(true, 'forced', 'opened', 'closed')
    expect((await wall()).alarm).toEqual({ kind: 'forced', at: expect.any(String) })
    await endAlarm(house.ctx, { doorId, actorId, reason: 'the wind' })
    expect((await wall()).alarm).toBeNull()
    const [ended] = await recorded('alarm-ended')
    expect(ended!.facts).toEqual({ alarm: 'forced', noteId: expect.any(String) })
    const [note] = await house.ctx.sql`select text from notes where id = ${ended!.facts.noteId}`
    expect(note!.text).toBe('the wind')
    await expect(endAlarm(house.ctx, { doorId, actorId, reason: 'again' })).rejects.toMatchObject({
      reason: 'no-alarm',
    })
  })

  test('a door held open rings until it is shut', async () => {
    await tell(true, 'opened', 'held-open')
    expect((await wall()).alarm).toMatchObject({ kind: 'held-open' })
    await tell(true, 'closed')
    expect((await wall()).alarm).toBeNull()
  })

  test('what comes later as history rings no more, and is recorded all the same', async () => {
    await tell(false, 'forced', 'opened', 'held-open')
    expect(await wall()).toMatchObject({ alarm: null, state: 'open' })
    expect((await recorded('forced')).at(-1)).toMatchObject({ live: false })
    expect((await recorded('held-open')).at(-1)).toMatchObject({ live: false })
    await tell(true, 'closed')
  })

  test('of a box it ends with the look into it', async () => {
    const id = await house.doorId(2)
    const box = async () => (await wallDoors(house.ctx.sql, house.siteId)).find(each => each.id === id)!
    await house.ctx.sql`update doors set offer = 'free' where id = ${id}`
    await house.say('events', {
      ...{ journal: 'j1', live: true },
      events: [{ seq: ++seq, at: Date.now(), clock: 'synced', type: 'forced', door: 2 }],
    })
    expect(await box()).toMatchObject({ alarm: { kind: 'forced' }, offer: 'contested' })
    await doorLooked(house.ctx, { doorId: id, found: 'empty', actorId })
    expect(await box()).toMatchObject({ alarm: null, offer: 'free' })
  })

  test('who leaves by the button is no alarm', async () => {
    await tell(true, 'exit-requested', 'opened', 'closed')
    expect((await wall()).alarm).toBeNull()
  })

  const at = new Date()
  test.each([
    [null, 'forced', { alarm: 'forced', alarmAt: at }],
    ['held-open', 'forced', { alarm: 'forced', alarmAt: at }],
    ['forced', 'held-open', {}],
    ['forced', 'closed', {}],
    ['held-open', 'closed', { alarm: null, alarmAt: null }],
    ['held-open', 'held-open', {}],
    [null, 'closed', {}],
    [null, 'opened', {}],
    [null, 'jammed', {}],
  ] as const)('with alarm %s, %s makes of it %j', (alarm, type, patch) => {
    expect(alarmAfter({ alarm, alarmAt: null }, type, { at, live: true })).toEqual(patch)
  })
})

test('what the lock does without power stands on the wall as its controller said it, and only of rooms', async () => {
  expect((await wall()).withoutPower).toBe('fail-safe')
  const doors = await wallDoors(house.ctx.sql, house.siteId)
  expect(doors.map(each => each.withoutPower)).toEqual(['fail-safe', null])
})

test('a clock that was wrong by more than 30 s is shown; one that had no time yet is not', async () => {
  const set = (by: number) => {
    seq += 1
    const event = { seq, at: Date.now(), clock: 'synced', type: 'clock-set', by }
    return house.say('events', { journal: 'j1', live: true, events: [event] })
  }
  await house.online({ up: 2000, clock: 'none', last: seq })
  expect(await controller()).toMatchObject({ clock: 'none', clockSet: null })
  await set(Date.now() - 2000)
  // known at once, not only with the next beat
  expect(await controller()).toMatchObject({ clock: 'synced', clockSet: null })
  await set(-42_000)
  expect((await controller()).clockSet).toEqual({ by: -42_000, at: expect.any(String) })
})

describe('the state of a grant', () => {
  const [before, now, later] = [1, 2, 3].map(hour => new Date(Date.UTC(2030, 0, 1, hour))) as [Date, Date, Date]
  const base = { from: before, until: later, uses: 0, usedAt: null, revokedAt: null }
  test.each([
    ['active', {}],
    ['active', { usedAt: before }],
    ['used', { usedAt: before, uses: 1 }],
    ['coming', { from: later }],
    ['active', { from: now }],
    ['active', { until: now }],
    ['ended', { until: before }],
    ['used', { until: before, usedAt: before, uses: 1 }],
    ['revoked', { revokedAt: before, usedAt: before, uses: 1 }],
    ['revoked', { revokedAt: before, until: before }],
  ] as const)('is %s with %j', (state, more) => {
    expect(grantState({ ...base, ...more }, now)).toBe(state)
  })
})
