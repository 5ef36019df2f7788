import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { brokerForTests, isPublish } from './broker-for-tests.ts'

test.each(['status', 'events', 'code'])('a controller may publish its own up/%s [LINK-10]', async kind => {
  const { connect, received } = await brokerForTests()
  const client = await connect('north-1')
  await client.publish(`v1/north-1/up/${kind}`, { any: 'thing' })
  expect(received).toEqual([{ controllerId: 'north-1', kind, text: '{"any":"thing"}', will: false }])
})

type Flags = { qos: 0 | 1 | 2; retain: boolean }
test.each<[string, string, Partial<Flags>]>([
  ['of another controller', 'v1/north-2/up/status', {}],
  ['of another version', 'v2/north-1/up/status', {}],
  ['of no kind', 'v1/north-1/up/other', {}],
  ['of more levels', 'v1/north-1/up/status/x', {}],
  ['of very many levels', 'v1/north-1/up/status/1/2/3/4/5/6', {}],
  ['to its own down branch', 'v1/north-1/down/order', {}],
  ['to $SYS', '$SYS/any', {}],
  ['with a wildcard', 'v1/+/up/status', {}],
  ['with an empty topic', '', {}],
  ['retained', 'v1/north-1/up/status', { retain: true }],
  ['with QoS 2', 'v1/north-1/up/status', { qos: 2 }],
  ['with QoS 0, elsewhere', 'v1/north-2/up/status', { qos: 0 }],
])('a publish %s ends the connection without an answer [LINK-10, LINK-13, LINK-15]', async (_what, topic, flags) => {
  const { broker, connect, received } = await brokerForTests()
  const client = await connect('north-1')
  const flagsOf: Flags = { qos: 1, retain: false, ...flags }
  if (topic === '') client.socket.write(Buffer.from([0x32, 4, 0, 0, 0, 8]))
  else client.send({ cmd: 'publish', topic, payload: '{}', dup: false, messageId: 7, ...flagsOf })
  await client.closed
  await expect(client.next(packet => packet.cmd !== 'connack')).rejects.toThrow('the connection ended')
  expect(received).toEqual([])
  await eventually(() => !broker.isConnected('north-1'))
})

test('a refused publish is told [LINK-13]', async () => {
  const { connect, refused } = await brokerForTests()
  const client = await connect('north-1')
  client.send({ cmd: 'publish', topic: 'v1/north-2/up/status', payload: '{}', qos: 0, retain: false, dup: false })
  await client.closed
  expect(refused).toEqual([
    {
      controllerId: 'north-1',
      address: '127.0.0.1',
      action: 'publish',
      detail: 'topic "v1/north-2/up/status" is not its own',
    },
  ])
})

test.each(['+', '#', 'order', 'welcome'])('a controller may listen on its own down/%s [LINK-11]', async last => {
  const { broker, connect } = await brokerForTests()
  const client = await connect('north-1')
  expect(await client.subscribe(`v1/north-1/down/${last}`)).toEqual([1])
  const kind = last === 'welcome' ? 'welcome' : 'order'
  expect(await broker.send('north-1', kind, Buffer.from('{}'))).toBe(true)
  expect(await client.next(isPublish)).toMatchObject({ topic: `v1/north-1/down/${kind}`, qos: 1, retain: false })
})

test.each([
  '#',
  '+',
  '$SYS/#',
  'v1/#',
  'v1/+/down/order',
  'v1/north-2/down/+',
  'v1/north-1/#',
  'v1/north-1/+/status',
  'v1/north-1/up/+',
  'v1/north-1/down/+/x',
  'v1/north-1/down/other',
])('a subscription to %s gets 0x80 and the connection stays [LINK-11, LINK-12]', async filter => {
  const { connect, refused } = await brokerForTests()
  const client = await connect('north-1')
  expect(await client.subscribe([filter, 'v1/north-1/down/+'])).toEqual([128, 1])
  await client.publish('v1/north-1/up/status', {})
  expect(refused).toMatchObject([{ controllerId: 'north-1', action: 'subscribe' }])
})

test('what one controller is sent or publishes reaches no other', async () => {
  const { broker, connect, listening } = await brokerForTests()
  const other = await connect('north-2')
  await other.subscribe(['#', 'v1/+/down/+', 'v1/north-1/down/+', 'v1/north-1/up/+', 'v1/north-2/down/+'])
  const client = await listening('north-1')
  await client.publish('v1/north-1/up/status', {})
  await broker.send('north-1', 'order', Buffer.from('{"for":1}'))
  await client.next(isPublish)
  await broker.send('north-2', 'order', Buffer.from('{"for":2}'))
  await other.next(isPublish)
  expect(other.messages.map(message => message.payload.toString())).toEqual(['{"for":2}'])
})

test('whoever throws in refused() harms nobody', async () => {
  const { connect, errors } = await brokerForTests({
    refused() {
      throw new Error('a bug')
    },
  })
  const client = await connect('north-1')
  expect(await client.subscribe('#')).toEqual([128])
  expect(errors).toMatchObject([{ message: 'refused() failed' }])
})
