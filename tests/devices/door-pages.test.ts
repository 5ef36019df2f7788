import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LiveMessage } from '../../schema/api/live.ts'
import { eventually } from '../support/eventually.ts'
import { statusOf } from '../support/raw-device.ts'
import { type Bank, bankId, hear, openBank } from './bank.ts'

let bank: Bank
beforeEach(async () => {
  bank = await openBank({ doors: 4 })
})
afterEach(() => bank.close())

const box = (door: number, more = {}) => ({
  ...{ door, kind: 'compartment', size: 'S', doorSensor: true, occupancySensor: true, ...more },
})
const differs = async () => (await bank.controller()).doorsDiffer

test('doors in pages are one status: one welcome after the last, differences of all pages shown [STATUS-3 STATUS-4 STATUS-20 STATUS-21]', async () => {
  const pages = [
    { doors: [box(1), box(2, { size: 'L' })], keypads: [{ keypad: 1, doors: [1, 2] }] },
    { doors: [box(9)], keypads: [{ keypad: 1, doors: [3] }] },
    { doors: [box(3)], keypads: [] },
  ].map((page, at) => ({ ...page, doorsPage: at + 1, doorsPages: 3 }))
  const device = await bank.connect(bank.newDevice(), { more: pages[0]! })
  const wall = await bank.watch()
  const welcomes = () => device.link.messages.filter(each => each.topic.endsWith('/welcome')).length
  const say = (more: object) =>
    device.link.publish(`v1/${bankId}/up/status`, statusOf(device, { doors: 0, more: { ...more } }))
  await say(pages[1]!)
  // nothing is judged, and nothing sent, before all of it is here
  expect([welcomes(), await differs()]).toEqual([0, null])
  await say(pages[2]!)
  await hear(device, 'welcome')
  const difference = '2: size is L, expected S; 9: not expected; 4: missing'
  expect([welcomes(), await differs()]).toEqual([1, difference])
  await eventually(() => wall.some(each => toldDifference(each).includes(difference)))
  const [row] = await bank.sql`select keypads from controllers`
  expect(row!.keypads).toEqual([{ keypad: 1, doors: [1, 2, 3] }])
  const [door] = await bank.sql`select size from doors where door = 2`
  expect(door!.size).toBe('S')

  // a beat says nothing about doors, a new link says all of it again
  const { doors: _, keypads: __, ...beat } = statusOf(device, { doors: 0 }) as Record<string, unknown>
  await device.link.publish(`v1/${bankId}/up/status`, beat)
  await hear(device, 'welcome')
  expect(await differs()).toBe(difference)
  const again = await bank.connect(device, { doors: 4 })
  await hear(again, 'welcome')
  expect(await differs()).toBe(null)
})

const toldDifference = (message: LiveMessage): (string | null)[] =>
  'controllers' in message ? (message.controllers ?? []).map(each => each.doorsDiffer) : []
