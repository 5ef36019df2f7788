import { afterEach, beforeEach, expect, test } from 'vitest'
import { startJobs } from '../../server/jobs.ts'
import { compartments, openHouse } from '../domain/house.ts'
import { eventually } from '../support/eventually.ts'
import { type Message, readJson, report } from '../support/raw-device.ts'
import { type Bank, hear, openBank } from './bank.ts'

let bank: Bank
beforeEach(async () => {
  bank = await openBank()
})
afterEach(() => bank.close())

async function grantFor(doorId: string): Promise<string> {
  const from = new Date(Date.now() - 60_000).toISOString()
  const until = new Date(Date.now() + 3600_000).toISOString()
  const body = { doorId, from, until, uses: 1, means: 'code', reason: 'test' }
  const { status, body: made } = await bank.landlord('POST', '/api/grants', body)
  expect(status).toBe(201)
  return String(made.id)
}

test('a list that was not confirmed within 10 s goes again, page by page the same bytes [GRANTS-1, GRANTS-7, GRANTS-8]', async () => {
  const device = await bank.connect()
  const [door] = await bank.sql<{ id: string }[]>`select id from doors where door = 1`
  let used = ''
  for (let i = 0; i < 25; i++) used = await grantFor(door!.id)
  const made = async () => (await bank.sql<{ v: number }[]>`select grants_made as v from controllers`)[0]!.v
  const version = await made()
  const pages = () =>
    device.link.messages.filter(each => each.topic.endsWith('/grants') && readJson(each).version === version)
  await eventually(() => pages().length === 2)
  expect(pages().map(page => readJson(page).pages)).toEqual([2, 2])

  // a use by time or by key is told by the next version, never by this one
  await report(device, { type: 'unlocked', door: 1, cause: { grant: used } })
  bank.forward(11_000)
  await eventually(() => pages().length === 4)
  const [first, second, ...again] = pages().map(page => page.payload.toString())
  expect(again).toEqual([first, second])
  expect(await made()).toBe(version)

  await report(device, { type: 'grants-applied', version })
  expect((await bank.controller()).grantsVersion).toEqual({ made: version, known: version })
  await grantFor(door!.id)
  const next = await hear(device, 'grants', (list: Message) => list.version > version && list.page === list.pages)
  const told = device.link.messages.filter(m => m.topic.endsWith('/grants')).map(readJson)
  const listed = told.filter(list => list.version === next.version).flatMap(list => list.grants)
  expect(listed.find((grant: { grant: string }) => grant.grant === used).usedAt).toEqual(expect.any(Number))
})

test('again every 10 s and no more often, until it is confirmed [GRANTS-7] [CONFIG-4]', async () => {
  const house = await openHouse(compartments(1))
  let shiftMs = 0
  house.ctx.now = () => new Date(Date.now() + shiftMs)
  await house.online()
  await house.ctx.sql`update controllers set grants_made = ${Date.now()}`
  const sent: string[] = []
  const configs: string[] = []
  const outbox = {
    sendGrants: async (id: string) => void sent.push(id),
    sendConfig: async (id: string) => void configs.push(id),
  }
  const jobs = startJobs(house.ctx, outbox, 3600_000)
  const after = async (ms: number) => {
    shiftMs += ms
    await jobs.runOnce()
    return sent.length
  }
  expect(await after(9_000)).toBe(0)
  expect(await after(2_000)).toBe(1)
  expect(await after(1_000)).toBe(1)
  expect(await after(9_000)).toBe(2)
  // a clock set back by an hour does not silence it for an hour
  await house.ctx.sql`update controllers set grants_made = grants_made - 3600000`
  expect(await after(-1800_000)).toBe(3)
  await house.ctx.sql`update controllers set grants_known = grants_made`
  expect(await after(60_000)).toBe(3)

  expect(configs).toEqual([])
  await house.ctx.sql`update controllers set config_made = config_known + 1`
  await after(0)
  await after(9_000)
  expect(configs).toEqual([])
  await after(1_000)
  await after(9_000)
  expect(configs).toEqual(['bank-1'])
  await after(1_000)
  expect(configs).toHaveLength(2)
  await house.ctx.sql`update controllers set config_known = config_made`
  await after(60_000)
  expect(configs).toHaveLength(2)
  await jobs.close()
  await house.close()
})
