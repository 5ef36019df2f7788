import { Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { settings } from '../../broker/settings.ts'
import { eventually } from '../support/eventually.ts'
import { brokerForTests, gate, isPingresp, isPuback, isPublish, together } from './broker-for-tests.ts'

const status = (id: string, n: number) =>
  ({
    cmd: 'publish',
    topic: `v1/${id}/up/status`,
    payload: String(n),
    qos: 1,
    retain: false,
    dup: false,
    messageId: n,
  }) as const

test('PUBACK waits for receive', async () => {
  const held = gate()
  const { connect } = await brokerForTests({ receive: () => held.opened })
  const client = await connect('north-1')
  const order: string[] = []
  const puback = client.next(isPuback).then(() => order.push('puback'))
  together(client, status('north-1', 1), { cmd: 'pingreq' })
  // sent after the publish, answered before it: the PUBACK is being held
  await client.next(isPingresp)
  order.push('pingresp')
  held.open()
  await puback
  expect(order).toEqual(['pingresp', 'puback'])
})

test('an answer leaves in one write with the PUBACK of what it answers', async () => {
  const { broker, listening } = await brokerForTests({
    async receive({ controllerId }) {
      void broker.send(controllerId, 'welcome', Buffer.from('{}'))
    },
  })
  const client = await listening('north-1')
  const writes = countWrites(broker.port)
  for (const n of [1, 2, 3]) {
    const both = Promise.all([client.next(isPuback), client.next(isPublish)])
    client.send(status('north-1', n))
    await both
  }
  expect(writes()).toBe(3)
})

/** Calls of the kernel: what arrives tells nothing of them, as both ends are in this process. */
function countWrites(port: number): () => number {
  let count = 0
  for (const method of ['_write', '_writev'] as const) {
    const inherited = Socket.prototype[method] as (this: Socket, ...given: unknown[]) => void
    const spy = vi.spyOn(Socket.prototype, method as '_write').mockImplementation(function (this: Socket, ...given) {
      if (this.localPort === port) count++
      return inherited.apply(this, given)
    })
    onTestFinished(() => spy.mockRestore())
  }
  return () => count
}

test('what acknowledges nothing is answered as MQTT has it, and who unsubscribes is sent nothing more', async () => {
  const { broker, listening } = await brokerForTests()
  const client = await listening('north-1')
  for (const cmd of ['puback', 'pubcomp', 'pubrec', 'pubrel'] as const) client.send({ cmd, messageId: 9 })
  await client.next(packet => packet.cmd === 'pubrel' && packet.messageId === 9)
  await client.next(packet => packet.cmd === 'pubcomp' && packet.messageId === 9)
  client.send({ cmd: 'unsubscribe', messageId: 5, unsubscriptions: ['v1/north-1/down/+'] })
  await client.next(packet => packet.cmd === 'unsuback')
  expect(await broker.send('north-1', 'ack', Buffer.from('{}'))).toBe(false)
  await client.subscribe('v1/north-1/down/+')
  expect(await broker.send('north-1', 'ack', Buffer.from('{}'))).toBe(true)
  await client.next(isPublish)
})

test('one that is held back does not hold back another', async () => {
  const held = gate()
  const { connect } = await brokerForTests({
    receive: ({ controllerId }) => (controllerId === 'north-1' ? held.opened : Promise.resolve()),
  })
  const slow = await connect('north-1')
  for (let n = 1; n <= 100; n++) slow.send(status('north-1', n))
  const other = await connect('north-2')
  for (let n = 1; n <= 50; n++) await other.publish('v1/north-2/up/status', { n })
  held.open()
})

test.each([
  ['rejects', async () => Promise.reject(new Error('a bug'))],
  [
    'throws',
    () => {
      throw new Error('a bug')
    },
  ],
])('a receive that %s is logged, acknowledged, and the connection stays', async (_how, receive) => {
  const { connect, errors } = await brokerForTests({ receive })
  const client = await connect('north-1')
  await client.publish('v1/north-1/up/status', {})
  await client.publish('v1/north-1/up/status', {})
  expect(errors).toMatchObject([{ controllerId: 'north-1', kind: 'status' }, { controllerId: 'north-1' }])
})

test('messages of one controller are started and acknowledged in order, a bounded number at once', async () => {
  const started: number[] = []
  const holds: (() => void)[] = []
  let atOnce = 0
  let most = 0
  const { connect } = await brokerForTests({
    async receive({ payload }) {
      started.push(Number(payload.toString()))
      most = Math.max(most, ++atOnce)
      await new Promise<void>(resolve => holds.push(resolve))
      atOnce--
    },
  })
  const client = await connect('north-1')
  const all = Array.from({ length: 500 }, (_, n) => n + 1)
  const acknowledged: number[] = []
  together(client, ...all.map(n => status('north-1', n)), { cmd: 'pingreq' })
  await client.next(isPingresp)
  // the whole read was dispatched, and no more than the bound of it has been started
  expect(started).toEqual(all.slice(0, settings.pendingPerController))

  const reading = (async () => {
    while (acknowledged.length < all.length) {
      acknowledged.push((await client.next<{ cmd: 'puback'; messageId: number }>(isPuback)).messageId)
    }
  })()
  // let them end in another order than they came: always the youngest
  while (acknowledged.length < all.length) {
    await eventually(() => holds.length > 0 || acknowledged.length === all.length, { everyMs: 1 })
    for (const end of holds.splice(0).reverse()) end()
  }
  await reading
  expect(started).toEqual(all)
  expect(acknowledged).toEqual(all)
  expect(most).toBe(settings.pendingPerController)
})

test('order holds over a take-over: what the old connection sent is started first', async () => {
  const held = gate()
  const started: string[] = []
  const { connect } = await brokerForTests({
    async receive({ payload }) {
      started.push(payload.toString())
      await held.opened
    },
  })
  const old = await connect('north-1')
  for (let n = 1; n <= 3; n++) old.send(status('north-1', n))
  await eventually(() => started.length === 3)
  const young = await connect('north-1')
  await old.closed
  young.send(status('north-1', 4))
  await eventually(() => started.length === 4)
  held.open()
  await young.next(isPuback)
  expect(started).toEqual(['1', '2', '3', '4'])
})

test('what waits behind a full lane is dropped with its connection, what was started is not', async () => {
  const held = gate()
  const started: number[] = []
  const { broker, connect } = await brokerForTests({
    async receive({ payload }) {
      started.push(Number(payload.toString()))
      await held.opened
    },
  })
  const old = await connect('north-1')
  together(old, ...Array.from({ length: 100 }, (_, n) => status('north-1', n + 1)), { cmd: 'pingreq' })
  await old.next(isPingresp)
  old.destroy()
  await eventually(() => !broker.isConnected('north-1'))
  held.open()
  const young = await connect('north-1')
  await young.publish('v1/north-1/up/status', '1000')
  expect(started).toEqual([...Array.from({ length: settings.pendingPerController }, (_, n) => n + 1), 1000])
})

test('close waits for what is being received', async () => {
  const held = gate()
  const begun = gate()
  const order: string[] = []
  const { broker, connect } = await brokerForTests({
    async receive() {
      begun.open()
      await held.opened
      order.push('received')
    },
  })
  const client = await connect('north-1')
  client.send(status('north-1', 1))
  await begun.opened
  const closing = broker.close().then(() => order.push('closed'))
  await client.closed
  held.open()
  await closing
  expect(order).toEqual(['received', 'closed'])
})
