import { expect, test, vi } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { brokerForTests, isPublish } from './broker-for-tests.ts'

const drainTimeoutMs = 1_000
vi.mock('../../broker/settings.ts', async original => {
  const { settings } = await original<typeof import('../../broker/settings.ts')>()
  return { settings: { ...settings, drainTimeoutMs: 1_000 } }
})

test('a message arrives with QoS 1, not retained, once [LINK-14, LINK-15]', async () => {
  const { broker, connect } = await brokerForTests()
  const client = await connect('north-1')
  await client.subscribe(['v1/north-1/down/+', 'v1/north-1/down/#', 'v1/north-1/down/order'])
  expect(await broker.send('north-1', 'order', Buffer.from('{"n":1}'))).toBe(true)
  expect(await broker.send('north-1', 'ack', Buffer.from('{"n":2}'))).toBe(true)
  await client.next(isPublish)
  await client.next(isPublish)
  expect(client.messages.map(({ topic, qos, retain, payload }) => [topic, qos, retain, payload.toString()])).toEqual([
    ['v1/north-1/down/order', 1, false, '{"n":1}'],
    ['v1/north-1/down/ack', 1, false, '{"n":2}'],
  ])
})

test('messages arrive in the order they were sent', async () => {
  const { broker, listening } = await brokerForTests()
  const client = await listening('north-1')
  const all = Array.from({ length: 300 }, (_, n) => String(n))
  await Promise.all(all.map(n => broker.send('north-1', 'grants', Buffer.from(n))))
  await eventually(() => client.messages.length === all.length)
  expect(client.messages.map(message => message.payload.toString())).toEqual(all)
})

test('one that is absent, or does not listen, is answered false, and nothing waits for it [ORDER-16]', async () => {
  const { broker, connect, listening } = await brokerForTests()
  expect(await broker.send('north-1', 'order', Buffer.from('{"n":1}'))).toBe(false)
  const deaf = await connect('north-1')
  expect(await broker.send('north-1', 'order', Buffer.from('{"n":2}'))).toBe(false)
  await deaf.close()
  const client = await listening('north-1')
  expect(await broker.send('north-1', 'order', Buffer.from('{"n":3}'))).toBe(true)
  await client.next(isPublish)
  expect(client.messages.map(message => message.payload.toString())).toEqual(['{"n":3}'])
})

test('a message over the 4 KiB of the contract is not sent [LINK-16]', async () => {
  const { broker, listening, errors } = await brokerForTests()
  await listening('north-1')
  const overhead = 3 + 2 + 'v1/north-1/down/grants'.length + 2
  expect(await broker.send('north-1', 'grants', Buffer.alloc(4096 - overhead, 'x'))).toBe(true)
  expect(await broker.send('north-1', 'grants', Buffer.alloc(4097 - overhead, 'x'))).toBe(false)
  expect(errors).toMatchObject([{ controllerId: 'north-1', kind: 'grants' }])
})

test('one that never acknowledges is sent to all the same', async () => {
  const { broker, listening } = await brokerForTests()
  const client = await listening('north-1', { autoAck: false })
  for (let n = 0; n < 100; n++) expect(await broker.send('north-1', 'ack', Buffer.from('{}'))).toBe(true)
  await eventually(() => client.messages.length === 100)
})

test('a frozen controller delays nobody, is cut, and what waited for it is answered false', async () => {
  const { broker, listening } = await brokerForTests()
  const frozen = await listening('north-1')
  const other = await listening('north-2')
  frozen.socket.pause()
  const page = Buffer.alloc(4000, 'x')
  const sends: { answer?: boolean }[] = []
  const send = async () => {
    const one: { answer?: boolean } = {}
    sends.push(one)
    one.answer = await broker.send('north-1', 'grants', page)
  }
  // until the buffers of the kernel are full, and then ours
  await eventually(
    async () => {
      for (let turn = 0; turn < 50; turn++) {
        for (let n = 0; n < 5; n++) send()
        await broker.send('north-2', 'ack', Buffer.from('{}'))
      }
      return sends.some(({ answer }) => answer === false)
    },
    { everyMs: 1 },
  )
  const begun = Date.now()
  for (let n = 0; n < 100; n++) {
    await broker.send('north-2', 'order', Buffer.from(String(n)))
    await other.next(packet => packet.cmd === 'publish' && packet.payload.toString() === String(n))
  }
  expect(Date.now() - begun).toBeLessThan(drainTimeoutMs)
  const waiting = sends.filter(({ answer }) => answer === undefined)
  // those beyond what may lie unread were answered at once
  expect(waiting.length).toBeGreaterThan(0)
  expect(waiting.length).toBeLessThan(40)
  await eventually(() => waiting.every(({ answer }) => answer === false), { withinMs: 3 * drainTimeoutMs })
  expect(broker.isConnected('north-1')).toBe(false)
  expect(broker.isConnected('north-2')).toBe(true)
  expect(await broker.send('north-1', 'ack', page)).toBe(false)
})

test('an answer does not wait for the next acknowledgement of TCP', async () => {
  const { broker, listening } = await brokerForTests({
    async receive({ controllerId }) {
      await broker.send(controllerId, 'ack', Buffer.from('{}'))
    },
  })
  // silent, so that the kernel alone acknowledges, and takes its time
  const client = await listening('north-1', { autoAck: false })
  const begun = Date.now()
  for (let n = 0; n < 40; n++) {
    await client.publish('v1/north-1/up/events', { n })
    await client.next(isPublish)
  }
  // measured 1.35 ms each, 44 without noDelay
  expect((Date.now() - begun) / 40).toBeLessThan(20)
})

test('disconnect ends the connection and is quiet about an absent one', async () => {
  const { broker, listening } = await brokerForTests()
  broker.disconnect('north-2')
  const client = await listening('north-1')
  broker.disconnect('north-1')
  await client.closed
  expect(broker.isConnected('north-1')).toBe(false)
  expect(await broker.send('north-1', 'order', Buffer.from('{}'))).toBe(false)
})
