import { expect, test, vi } from 'vitest'
import { gate } from '../broker/broker-for-tests.ts'
import { eventually } from '../support/eventually.ts'
import { clientOf, plainForTest } from './client.ts'

// processes are started and killed here; each wait is for a fact
vi.setConfig({ testTimeout: 90_000 })
const within = { withinMs: 30_000 }

async function linked(own: Parameters<typeof clientOf>[1] = {}) {
  const { broker, connect } = await plainForTest()
  const ours = clientOf(broker.port, own)
  await eventually(() => ours.client.problem() === null, within)
  const ignored = () => ours.said.filter(each => each.message.includes('ignored'))
  return { broker, connect, ...ours, ignored }
}

test('a retained status from before is ignored, the living one is taken', async () => {
  const { broker, connect } = await plainForTest()
  const device = await connect('north-1')
  await device.publish('v1/north-1/up/status', '{"old":true}', { retain: true })
  const { client, received, said } = clientOf(broker.port)
  await eventually(() => client.problem() === null, within)
  await eventually(() => said.some(each => each.about.example === 'retained: north-1'), within)
  await device.publish('v1/north-1/up/status', '{"old":false}')
  await eventually(() => received.length > 0, within)
  expect(received.map(each => each.payload.toString())).toEqual(['{"old":false}'])
})

test('unknown controllers and foreign topics are ignored, counted, and said once', async () => {
  const { connect, ids, ignored } = await linked()
  const other = await connect('other')
  for (let i = 0; i < 50; i++) await other.publish('v1/stranger-1/up/events', '{}')
  await other.publish('v1/north-1/up/secrets', '{}')
  await other.publish('v1/NORTH/up/status', '{}')
  await other.publish('v1/north-1/up/status', '{}')
  await eventually(() => ids().length === 1, within)
  expect(ids()).toEqual(['north-1'])
  expect(ignored()).toHaveLength(1)
})

test('a controller is heard from its enrolment on, also by its very first message, and no longer once it is retired', async () => {
  const enrolled = ['north-1']
  const { client, connect, received } = await linked({ enrolled: async () => enrolled })
  const device = await connect('south-1')
  await device.publish('v1/south-1/up/status', '{"n":0}')
  await device.publish('v1/north-1/up/status', '{"n":1}')
  await eventually(() => received.length === 1, within)
  enrolled.push('south-1')
  for (const n of [2, 3, 4]) await device.publish('v1/south-1/up/status', `{"n":${n}}`)
  await eventually(() => received.length === 4, within)
  enrolled.splice(1, 1)
  client.disconnect('south-1')
  await device.publish('v1/south-1/up/status', '{"n":5}')
  await device.publish('v1/north-1/up/status', '{"n":6}')
  await eventually(() => received.length === 5, within)
  expect(received.map(each => JSON.parse(each.payload.toString()).n)).toEqual([1, 2, 3, 4, 6])
})

test('a list of controllers that cannot be read is asked for again, and what came meanwhile is not taken', async () => {
  let broken = true
  const enrolled = async () => {
    if (broken) throw new Error('database is away')
    return ['north-1']
  }
  const { connect, received, ignored } = await linked({ enrolled })
  const device = await connect('north-1')
  await device.publish('v1/north-1/up/status', '{"n":1}')
  await eventually(() => ignored()[0]?.about.database === 1, within)
  broken = false
  await device.publish('v1/north-1/up/status', '{"n":2}')
  await eventually(() => received.length === 1, within)
  expect(received[0]!.payload.toString()).toBe('{"n":2}')
})

test('a database that hangs: 20 messages of a controller wait, the rest is dropped; others and the probe go through', async () => {
  const { opened, open } = gate()
  const waiting: string[] = []
  const receive = async (message: { controllerId: string; payload: Buffer }) => {
    waiting.push(`${message.controllerId} ${message.payload.toString()}`)
    await opened
  }
  const { client, connect, said, ignored } = await linked({ receive })
  const device = await connect('north-1')
  for (let n = 1; n <= 100; n++) await device.publish('v1/north-1/up/events', String(n))
  const other = await connect('north-2')
  await other.publish('v1/north-2/up/events', '1')
  await eventually(() => waiting.includes('north-2 1'), within)
  expect(waiting).toEqual([...Array.from({ length: 20 }, (_, i) => `north-1 ${i + 1}`), 'north-2 1'])
  expect(ignored()[0]?.about.example).toBe('too many: north-1')
  expect(client.problem()).toBeNull()
  open()
  await device.publish('v1/north-1/up/events', 'after')
  await eventually(() => waiting.at(-1) === 'north-1 after', within)
  expect(said.filter(each => each.message.includes('lost'))).toEqual([])
})

test('a payload over 64 KiB is ignored', async () => {
  const { connect, received, ignored } = await linked()
  const device = await connect('north-1')
  await device.publish('v1/north-1/up/events', Buffer.alloc(70_000))
  await device.publish('v1/north-1/up/events', 'small')
  await eventually(() => received.length === 1, within)
  expect(received[0]!.payload.toString()).toBe('small')
  expect(ignored()[0]?.about.example).toBe('too large: north-1')
})
