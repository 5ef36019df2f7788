import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeCodes } from '../../schema/api/live.ts'
import { eventually } from '../support/eventually.ts'
import { type Watcher, watchLive } from '../support/live.ts'
import { landlord, makeSite, type Server, startForTests } from './server-for-tests.ts'

let server: Server
let siteId = ''
let doors: string[] = []

beforeAll(async () => {
  server = await startForTests()
  const site = await makeSite(server)
  siteId = site.siteId
  const box = (door: number) => ({ door, kind: 'compartment', size: 'S', doorSensor: true, occupancySensor: true })
  const bank = {
    id: 'big-bank',
    siteId,
    name: 'Grand banc',
    doors: Array.from({ length: 500 }, (_, at) => box(at + 1)),
  }
  expect((await site.admin.ask('POST', '/api/controllers', bank)).status).toBe(201)
  doors = (await server.sql`select id from doors where controller_id = 'big-bank'`).map(row => row.id)
})
afterAll(() => server.close())

const numbers = (watcher: Watcher) => watcher.changes().map(({ n }) => n)
const tooSlow = () => server.errors.some(line => line.includes('waitingBytes'))

/** One change of every door of the big bank: about 150 kB to each watcher. */
async function changeAll(heard: Watcher): Promise<void> {
  const before = numbers(heard).length
  server.ctx.announce({ siteId, doors })
  await eventually(() => numbers(heard).length > before)
}

test('a socket that stops reading is closed with 4008; the others hear every number, and it comes back where it was', async () => {
  const [slow, fast, other] = await Promise.all([1, 2, 3].map(() => watchLive(server.url, { siteId, who: landlord })))
  await changeAll(slow!)
  slow!.socket.pause()
  // what the kernel keeps for a socket comes before our own bound: some MB
  for (let round = 0; round < 400 && !tooSlow(); round++) await changeAll(fast!)
  expect(tooSlow()).toBe(true)
  expect(numbers(slow!)).toEqual([1])
  slow!.socket.resume()
  expect(await slow!.closed).toBe(closeCodes.tooSlow)

  await changeAll(fast!)
  await eventually(() => numbers(other!).length === numbers(fast!).length)
  expect(numbers(fast!)).toEqual(numbers(fast!).map((_, at) => at + 1))
  expect(numbers(other!)).toEqual(numbers(fast!))

  const [first] = slow!.messages
  const resume = `${first?.type === 'snapshot' && first.epoch}.${numbers(slow!).at(-1)}`
  const back = await watchLive(server.url, { siteId, who: landlord, resume })
  await eventually(() => numbers(back).at(-1) === numbers(fast!).at(-1))
  expect(back.messages[0]).toMatchObject({ type: 'resumed', n: numbers(slow!).at(-1) })
  for (const { socket } of [fast!, other!, back]) socket.close()
})
