import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { brokerForTests } from './broker-for-tests.ts'

const will = (id: string) => ({ topic: `v1/${id}/up/status`, payload: `{"state":"offline","link":"${id}"}` })

test('a connection that breaks speaks its will, once', async () => {
  const { broker, connect, received } = await brokerForTests()
  const client = await connect('north-1', { will: will('north-1') })
  client.destroy()
  await eventually(() => received.length > 0 && !broker.isConnected('north-1'))
  // a second round trip, in which a second will would have come
  await (await connect('north-2')).publish('v1/north-2/up/status', {})
  expect(received.filter(message => message.will)).toEqual([
    { controllerId: 'north-1', kind: 'status', text: will('north-1').payload, will: true },
  ])
})

test('a controller that says goodbye has no will', async () => {
  const { broker, connect, received } = await brokerForTests()
  const client = await connect('north-1', { will: will('north-1') })
  await client.close()
  await eventually(() => !broker.isConnected('north-1'))
  await (await connect('north-2')).publish('v1/north-2/up/status', {})
  expect(received.filter(message => message.will)).toEqual([])
})

test('one that is taken over, cut for a refused publish, or disconnected by us speaks its will', async () => {
  const { broker, connect, received } = await brokerForTests()
  await connect('north-1', { will: will('north-1') })
  await connect('north-1')
  const wrong = await connect('north-2', { will: will('north-2') })
  wrong.send({ cmd: 'publish', topic: 'x', payload: '', qos: 0, retain: false, dup: false })
  await connect('north-3', { will: will('north-3') })
  broker.disconnect('north-3')
  await eventually(() => received.length === 3)
  expect(received.map(({ controllerId, will }) => `${controllerId} ${will}`).sort()).toEqual([
    'north-1 true',
    'north-2 true',
    'north-3 true',
  ])
  expect(broker.isConnected('north-1')).toBe(true)
})

test('when the broker closes, the wills of all are ignored and their sockets end', async () => {
  const { broker, connect, received } = await brokerForTests()
  const clients = await Promise.all(
    Array.from({ length: 20 }, (_, n) => connect(`north-${n}`, { will: will(`north-${n}`) })),
  )
  await broker.close()
  await Promise.all(clients.map(client => client.closed))
  expect(received).toEqual([])
})
