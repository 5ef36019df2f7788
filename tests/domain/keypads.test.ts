import { afterEach, beforeEach, expect, test } from 'vitest'
import { codeOfGrant, makeGrant } from '../../server/domain/grants.ts'
import { type House, openHouse } from './house.ts'

const hour = 3600_000
const room = (door: number) => ({ door, kind: 'room', doorSensor: true, occupancySensor: false }) as const

let house: House
beforeEach(async () => {
  house = await openHouse([room(1), room(2), room(3)])
})
afterEach(() => house.close())

const span = () => ({ from: new Date(Date.now() - hour), until: new Date(Date.now() + hour) })
async function codeFor(door: number) {
  const { id } = await makeGrant(house.ctx, { doorId: await house.doorId(door), ...span(), uses: 0, means: 'code' })
  return codeOfGrant(house.ctx, id)
}
let asks = 0
async function typed(keypad: number, code: string) {
  await house.say('code', { ask: `a${++asks}`, boot: 'b1', up: 2000, keypad, code })
  return house.said.findLast(each => each.kind === 'order')?.message
}
const told = async () => (await house.ctx.sql`select keypads, doors_differ from controllers`)[0]
const report = (door: number) => ({ door, kind: 'room', doorSensor: true, occupancySensor: false })

test('a keypad told over several pages is one keypad, and a later status begins anew [STATUS-21]', async () => {
  const page = (doorsPage: number, keypads: object[], doors: object[] = []) =>
    house.online({ doorsPage, doorsPages: 3, doors, keypads })
  await page(1, [], [report(1), { ...report(2), kind: 'compartment' }])
  await page(2, [{ keypad: 1, doors: [1] }], [report(9)])
  expect(house.said.filter(each => each.kind === 'welcome')).toHaveLength(0)
  await page(3, [
    { keypad: 1, doors: [2] },
    { keypad: 2, doors: [3] },
  ])
  expect(house.said.filter(each => each.kind === 'welcome')).toHaveLength(1)
  expect(await told()).toEqual({
    keypads: [
      { keypad: 1, doors: [1, 2] },
      { keypad: 2, doors: [3] },
    ],
    doorsDiffer: '2: kind is compartment, expected room; 9: not expected; 3: missing',
  })
  const [one, two, three] = [await codeFor(1), await codeFor(2), await codeFor(3)]
  expect(await typed(1, one)).toMatchObject({ type: 'open', door: 1 })
  expect(await typed(1, two)).toMatchObject({ type: 'open', door: 2 })
  expect(await typed(1, three)).toMatchObject({ type: 'refuse', reason: 'unknown' })
  expect(await typed(2, three)).toMatchObject({ type: 'open', door: 3 })

  await house.online({ up: 3000, doors: [report(1), report(2), report(3)], keypads: [{ keypad: 2, doors: [1] }] })
  expect(await told()).toEqual({ keypads: [{ keypad: 2, doors: [1] }], doorsDiffer: null })
})

test('a code at a door whose mode is locked is told that the door is out of service, not that the keypad is locked [CODE-19]', async () => {
  await house.online()
  const code = await codeFor(1)
  await house.events({ type: 'mode-changed', door: 1, mode: 'locked' })
  expect(await typed(1, code)).toMatchObject({ type: 'refuse', reason: 'door-out-of-service' })
  await house.events({ type: 'code-refused', keypad: 1, reason: 'locked' })
  await house.events({ type: 'mode-changed', door: 1, mode: 'normal' })
  expect(await typed(1, code)).toMatchObject({ type: 'open', door: 1 })
  expect([...(await house.ctx.sql`select * from history where suspect is not null`)]).toEqual([])
})
