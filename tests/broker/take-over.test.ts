import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { RawClient } from '../support/raw-mqtt.ts'
import { brokerForTests, gate, isPublish } from './broker-for-tests.ts'

const offline = (id: string) => ({ topic: `v1/${id}/up/status`, payload: '{"state":"offline"}' })

test('a second connection with the same id replaces the first [LINK-8]', async () => {
  const { broker, listening } = await brokerForTests()
  const first = await listening('north-1')
  const second = await listening('north-1')
  await first.closed
  expect(broker.isConnected('north-1')).toBe(true)
  expect(await broker.send('north-1', 'order', Buffer.from('{}'))).toBe(true)
  await second.next(isPublish)
  expect(first.messages).toEqual([])
})

test('900 quick take-overs under load leave every controller known as connected', { timeout: 60_000 }, async () => {
  const { broker, connect, listening } = await brokerForTests()
  let loading = true
  const load = Array.from({ length: 10 }, async (_, n) => {
    const client = await connect(`busy-${n}`)
    while (loading) await client.publish(`v1/busy-${n}/up/status`, { n })
  })
  const ids = Array.from({ length: 20 }, (_, n) => `north-${n}`)
  const lost: string[] = []
  await Promise.all(
    ids.map(async (id, n) => {
      let current = await listening(id, { will: offline(id) })
      for (let round = 0; round < 45; round++) {
        const old: RawClient = current
        // half of them break at that moment, as a controller does that reconnects; the others are replaced while alive
        if ((n + round) % 2 === 0) old.destroy()
        current = await connect(id, { will: offline(id) })
        await old.closed
        await current.subscribe(`v1/${id}/down/+`)
        const heard = await broker.send(id, 'order', Buffer.from('{}'))
        if (!heard || !broker.isConnected(id)) lost.push(`${id} in round ${round}`)
      }
    }),
  )
  loading = false
  await Promise.all(load)
  expect(lost).toEqual([])
})

test('a connection that ends in the moment its successor signs in does not take it along', async () => {
  const ending = gate()
  const asked = gate()
  let signIns = 0
  const { broker, connect, listening } = await brokerForTests({
    async signIn() {
      if (++signIns === 1) return 'ok'
      asked.open()
      await ending.opened
      return 'ok'
    },
    // told while the old connection is being ended, before its end is complete
    refused: () => ending.open(),
  })
  const old = await listening('north-1')
  const successor = connect('north-1')
  await asked.opened
  old.send({ cmd: 'publish', topic: 'x', payload: '', qos: 0, retain: false, dup: false })
  await Promise.all([old.closed, successor])
  await (await successor).subscribe('v1/north-1/down/+')
  expect(broker.isConnected('north-1')).toBe(true)
  expect(await broker.send('north-1', 'order', Buffer.from('{}'))).toBe(true)
})

test('of several that take over at once exactly one stays, and it is the one that is sent to', async () => {
  const all = gate()
  let signIns = 0
  const { broker, connect, listening } = await brokerForTests({
    async signIn() {
      if (++signIns === 1) return 'ok'
      if (signIns === 5) all.open()
      await all.opened
      return 'ok'
    },
  })
  const before = await listening('north-1')
  const rivals = await Promise.all([1, 2, 3, 4].map(() => connect('north-1')))
  const open = new Set([before, ...rivals])
  for (const client of [...open]) client.closed.then(() => open.delete(client))
  await eventually(() => open.size === 1)
  const [winner] = open
  await winner!.subscribe('v1/north-1/down/+')
  expect(await broker.send('north-1', 'order', Buffer.from('{}'))).toBe(true)
  await winner!.next(isPublish)
})

test('disconnect ends a connection at whatever step of its sign-in it is', async () => {
  for (let step = 0; step < 40; step++) {
    const asked = gate()
    const answer = gate()
    const { broker, connect } = await brokerForTests({
      async signIn() {
        asked.open()
        await answer.opened
        return 'ok'
      },
    })
    const client = connect('north-1')
    await asked.opened
    answer.open()
    for (let turn = 0; turn < step; turn++) await null
    broker.disconnect('north-1')
    await (await client).closed
    expect(broker.isConnected('north-1')).toBe(false)
    await broker.close()
  }
})
