import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Refuse } from '../../schema/wire/down.ts'
import { codeOfGrant, makeGrant } from '../../server/domain/grants.ts'
import { compartments, type House, openHouse } from './house.ts'

/** The dice are the test's where it says so. */
const dice = vi.hoisted(() => ({ next: [] as bigint[] }))
vi.mock('../../schema/wire/codes.ts', async original => {
  const real = await original<typeof import('../../schema/wire/codes.ts')>()
  return { ...real, randomCounter: () => dice.next.shift() ?? real.randomCounter() }
})

const hour = 3600_000
let house: House
beforeEach(async () => {
  house = await openHouse(compartments(4))
  await house.online()
})
afterEach(() => house.close())

async function grantAt(door: number, hours: [from: number, until: number], uses: 0 | 1 = 1) {
  const [from, until] = hours.map(each => new Date(Date.now() + each * hour)) as [Date, Date]
  const { id } = await makeGrant(house.ctx, { doorId: await house.doorId(door), from, until, uses, means: 'code' })
  return { id, from, until, code: await codeOfGrant(house.ctx, id) }
}
let asks = 0
async function typed(code: string) {
  const ask = `a${++asks}`
  await house.say('code', { ask, boot: 'b1', up: 2000, keypad: 1, code })
  return house.said.findLast(each => each.kind === 'order' && each.message.ask === ask)?.message
}

test('a code that may not open is answered with its own reason, each of them, and when if that is known [CODE-8, CODE-9]', async () => {
  const early = await grantAt(1, [1, 2])
  const expired = await grantAt(2, [-1, 1])
  const used = await grantAt(3, [-1, 9])
  const shut = await grantAt(4, [-1, 9])
  const told = new Map<unknown, unknown>()
  const answer = async (code: string) => {
    const { type, reason, ask: _, ...when } = (await typed(code))!
    expect(type).toBe('refuse')
    told.set(reason, when)
  }
  await answer(early.code)
  await house.events({ type: 'unlocked', door: 3, cause: { grant: used.id } })
  await answer(used.code)
  await house.events({ type: 'mode-changed', door: 4, mode: 'locked' })
  await answer(shut.code)
  house.ctx.now = () => new Date(Date.now() + 1.5 * hour)
  await answer(expired.code)
  const none = ['00000000', '00000001', '00000002', '00000003', '00000004']
  for (const code of none) await answer(code)
  expect(await typed(early.code)).toMatchObject({ reason: 'locked' })
  told.set('locked', {})
  expect(Object.fromEntries(told)).toEqual({
    early: { from: early.from.getTime() },
    used: { usedAt: expect.any(Number) },
    'door-out-of-service': {},
    expired: { until: expired.until.getTime() },
    unknown: {},
    locked: {},
  })
  const words = Refuse.properties.reason.anyOf.map(each => each.const)
  expect([...told.keys()].sort()).toEqual([...words].sort())
})

test('no two grants of a controller have the same code, whatever the dice say [GRANTS-12]', async () => {
  dice.next = [7n, 7n, 7n, 8n, 8n, 7n, 9n]
  const codes = []
  for (const door of [1, 2, 3]) codes.push((await grantAt(door, [-1, 1])).code)
  expect(dice.next).toEqual([])
  expect(new Set(codes).size).toBe(3)
  for (const [at, code] of codes.entries()) expect(await typed(code)).toMatchObject({ type: 'open', door: at + 1 })
})
