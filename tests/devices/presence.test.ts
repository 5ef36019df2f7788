import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LiveMessage, WallController } from '../../schema/api/live.ts'
import { startJobs } from '../../server/jobs.ts'
import { compartments, openHouse } from '../domain/house.ts'
import { eventually } from '../support/eventually.ts'
import { sendEvents, statusOf } from '../support/raw-device.ts'
import { type Bank, bankId, hear, historyOf, openBank } from './bank.ts'

let bank: Bank
beforeEach(async () => {
  bank = await openBank()
})
afterEach(() => bank.close())

const toldOnline = (messages: LiveMessage[]) =>
  messages
    .flatMap(each => ('controllers' in each ? (each.controllers as WallController[]) : []))
    .map(each => each.online)

test('quiet for 2.5 beats is offline, a beat makes it online again; the history and the wall say so [STATUS-13]', async () => {
  const device = await bank.connect()
  await hear(device, 'welcome')
  const wall = await bank.watch()
  expect(toldOnline(wall)).toEqual([true])

  await bank.sql`update controllers set up_at = clock_timestamp() - interval '151 seconds'`
  await eventually(() => toldOnline(wall).at(-1) === false)
  expect((await bank.controller()).online).toBe(false)
  expect(await bank.landlord('POST', `/api/doors/${await doorId()}/open`, { reason: 'look' })).toMatchObject({
    status: 409,
    body: { error: { reason: 'not-reachable' } },
  })

  const { doors: _, keypads: __, ...beat } = statusOf(device, { doors: 2 }) as Record<string, unknown>
  await device.link.publish(`v1/${bankId}/up/status`, beat)
  await hear(device, 'welcome')
  await eventually(() => toldOnline(wall).at(-1) === true)
  const rows = await historyOf(bank, 'controller-online', 'controller-offline')
  expect(rows.map(row => [row.type, row.facts.quiet ?? false])).toEqual([
    ['controller-online', false],
    ['controller-offline', true],
    ['controller-online', false],
  ])
})

test('the wall counts the events that the bank said it has and that are not in yet, and hears when they are', async () => {
  const waiting = (messages: LiveMessage[]) =>
    messages
      .flatMap(each => ('controllers' in each ? (each.controllers as WallController[]) : []))
      .map(each => each.waiting)
  const offline = { ...bank.newDevice(), seq: 3 }
  const device = await bank.connect(offline)
  await hear(device, 'welcome')
  const wall = await bank.watch()
  expect(waiting(wall)).toEqual([3])
  const event = (seq: number, type: string) => ({ seq, at: Date.now(), clock: 'synced', type, door: 1 })
  await sendEvents(device, [event(1, 'opened'), event(2, 'closed')])
  await eventually(() => waiting(wall).at(-1) === 1)
  await sendEvents(device, [event(3, 'opened')])
  await eventually(() => waiting(wall).at(-1) === 0)
  // one that comes as it happens makes nobody look at the controller again
  const told = waiting(wall).length
  await sendEvents(device, [event(4, 'closed')])
  await hear(device, 'ack', ({ seq }) => seq === 4)
  expect(waiting(wall)).toHaveLength(told)
})

test('a connection that ends without a word is offline at once by its will; an offline of an older link is not heard [STATUS-10, STATUS-11]', async () => {
  const device = await bank.connect()
  await hear(device, 'welcome')
  const wall = await bank.watch()
  await device.link.publish(`v1/${bankId}/up/status`, { state: 'offline', link: 'an-older-one', boot: device.boot })
  await device.link.publish(`v1/${bankId}/up/status`, statusOf(device, { doors: 2 }))
  await hear(device, 'welcome')
  device.link.destroy()
  await eventually(() => toldOnline(wall).at(-1) === false)
  const rows = await historyOf(bank, 'controller-online', 'controller-offline')
  expect(rows.map(row => row.type)).toEqual(['controller-online', 'controller-offline'])
})

test('not before 2.5 beats [STATUS-13]', async () => {
  const house = await openHouse(compartments(1))
  await house.online()
  const jobs = startJobs(house.ctx, house.outbox, 3600_000)
  const onlineAfter = async (seconds: number) => {
    await house.ctx.sql`update controllers set up_at = clock_timestamp() - ${seconds} * interval '1 second'`
    await jobs.runOnce()
    return (await house.ctx.sql`select online from controllers`)[0]!.online
  }
  expect(await onlineAfter(149)).toBe(true)
  expect(await onlineAfter(151)).toBe(false)
  await jobs.close()
  await house.close()
})

const doorId = async () => (await bank.sql<{ id: string }[]>`select id from doors where door = 1`)[0]!.id
