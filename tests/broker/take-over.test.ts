import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { RawClient } from '../support/raw-mqtt.ts'
import { brokerForTests, isPublish } from './broker-for-tests.ts'

const offline = (id: string) => ({ topic: `v1/${id}/up/status`, payload: '{"state":"offline"}' })

test('a second connection with the same id replaces the first', async () => {
  const { broker, listening } = await brokerForTests()
  const first = await listening('north-1')
  const second = await listening('north-1')
  await first.closed
  expect(broker.isConnected('north-1')).toBe(true)
  expect(await broker.send('north-1', 'order', Buffer.from('{}'))).toBe(true)
  await second.next(isPublish)
  expect(first.messages).toEqual([])
})

test('400 quick take-overs under load leave every controller known as connected', { timeout: 60_000 }, async () => {
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
      for (let round = 0; round < 20; round++) {
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

test('of several that take over at once exactly one stays', async () => {
  const { broker, connect, listening } = await brokerForTests()
  for (let round = 0; round < 30; round++) {
    const before = await listening('north-1')
    const rivals = await Promise.all([1, 2, 3, 4].map(() => connect('north-1')))
    const all = [before, ...rivals]
    const open = new Set(all)
    for (const client of all) client.closed.then(() => open.delete(client))
    await eventually(() => open.size === 1)
    const [winner] = open
    await winner!.subscribe('v1/north-1/down/+')
    expect(await broker.send('north-1', 'order', Buffer.from('{}'))).toBe(true)
    await winner!.next(isPublish)
  }
})
