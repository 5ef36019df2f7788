import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeTls } from '../support/certificates.ts'
import { eventually } from '../support/eventually.ts'
import { brokerForTests, gate } from './broker-for-tests.ts'

vi.mock('../../broker/settings.ts', async original => {
  const { settings } = await original<typeof import('../../broker/settings.ts')>()
  return { settings: { ...settings, signInTimeoutMs: 300, connectTimeoutMs: 300 } }
})

const status = (id: string) => ({ topic: `v1/${id}/up/status`, payload: '{"state":"offline"}' })

test('a controller with its password is let in and known as connected', async () => {
  const { broker, connect } = await brokerForTests()
  expect(broker.isConnected('north-1')).toBe(false)
  const client = await connect('north-1')
  expect(client.connack).toMatchObject({ returnCode: 0, sessionPresent: false })
  expect(broker.isConnected('north-1')).toBe(true)
  await client.close()
  await eventually(() => !broker.isConnected('north-1'))
})

test('the password arrives as bytes, for the controller that says so', async () => {
  const seen: unknown[][] = []
  const password = Buffer.from([0, 255, 1, 254])
  const { connect } = await brokerForTests({
    async signIn(controllerId, bytes) {
      seen.push([controllerId, bytes])
      return 'ok'
    },
  })
  expect((await connect('north-1', { password })).connack?.returnCode).toBe(0)
  expect(seen).toEqual([['north-1', password]])
})

test('a wrong password is answered with return code 4 and told', async () => {
  const { broker, connect, refused } = await brokerForTests()
  const client = await connect('north-1', { password: 'guess' })
  expect(client.connack?.returnCode).toBe(4)
  await client.closed
  expect(broker.isConnected('north-1')).toBe(false)
  expect(refused).toEqual([
    { controllerId: 'north-1', address: '127.0.0.1', action: 'sign-in', detail: 'wrong password or unknown' },
  ])
})

test('a wrong password does not end the connection of the right one, nor speak its will', async () => {
  const { broker, connect, received } = await brokerForTests()
  const right = await connect('north-1')
  const wrong = await connect('north-1', { password: 'guess', will: status('north-1') })
  await wrong.closed
  await right.publish('v1/north-1/up/status', { still: 'here' })
  expect(broker.isConnected('north-1')).toBe(true)
  expect(received.map(message => message.will)).toEqual([false])
})

test.each([
  ['says so', async () => 'unavailable' as const],
  ['rejects', async () => Promise.reject(new Error('no database'))],
  [
    'throws',
    () => {
      throw new Error('a bug')
    },
  ],
  ['never answers', () => new Promise<never>(() => {})],
])('when the check of the password %s, the answer is 3: try again later', async (_how, signIn) => {
  const { connect, refused } = await brokerForTests({ signIn })
  const client = await connect('north-1')
  expect(client.connack?.returnCode).toBe(3)
  await client.closed
  expect(refused).toEqual([])
})

test.each([
  ['another user name', { username: 'north-2' }, 4],
  ['no user name', { username: undefined, password: undefined }, 4],
  ['no password', { password: undefined }, 4],
  ['an empty client id', { clientId: '' }, 2],
  ['a client id of another form', { clientId: 'North 1', username: 'North 1' }, 2],
  ['a name every object has', { clientId: '__proto__', username: '__proto__' }, 2],
  ['a persistent session', { clean: false }, 5],
  ['no keepalive', { keepalive: 0 }, 5],
  ['a keepalive of an hour', { keepalive: 3600 }, 5],
  ['a will of another controller', { will: status('north-2') }, 5],
  ['a will that is an event', { will: { topic: 'v1/north-1/up/events', payload: '{}' } }, 5],
  ['a retained will', { will: { ...status('north-1'), retain: true } }, 5],
  ['a will with QoS 2', { will: { ...status('north-1'), qos: 2 as const } }, 5],
])('%s is refused [LINK-3]', async (_what, other, returnCode) => {
  const asked: string[] = []
  const { connect, refused, received } = await brokerForTests({
    async signIn(controllerId) {
      asked.push(controllerId)
      return 'ok'
    },
  })
  const client = await connect('north-1', other as object)
  expect(client.connack?.returnCode).toBe(returnCode)
  await client.closed
  expect(asked).toEqual([])
  expect(refused).toHaveLength(1)
  expect(received).toEqual([])
})

test('an empty client id that wants to be remembered is refused with return code 2 [MQTT-3.1.3-8]', async () => {
  const { broker } = await brokerForTests()
  // by hand: mqtt-packet does not write such a packet
  const answer = await exchange(broker.port, [0x10, 12, 0, 4, ...Buffer.from('MQTT'), 4, 0, 0, 30, 0, 0])
  expect([...answer]).toEqual([0x20, 2, 0, 2])
})

test('MQTT 5 is answered with return code 1 [LINK-3]', async () => {
  const { broker } = await brokerForTests()
  const answer = await exchange(broker.port, [0x10, 15, 0, 4, ...Buffer.from('MQTT'), 5, 2, 0, 30, 0, 0, 2, 97, 98])
  expect([...answer]).toEqual([0x20, 2, 0, 1])
})

test('a keepalive over the 30 s of the contract but within reason is let in, with a warning', async () => {
  const warnings: object[] = []
  const log = { info() {}, warn: (what: object) => warnings.push(what), error() {} }
  const { connect } = await brokerForTests({ log })
  expect((await connect('north-1', { keepalive: 60 })).connack?.returnCode).toBe(0)
  expect(warnings).toMatchObject([{ controllerId: 'north-1', keepalive: 60 }])
})

test('a socket that says nothing is ended', async () => {
  const { broker } = await brokerForTests()
  expect(await exchange(broker.port, [])).toHaveLength(0)
})

test('one that goes while its password is looked up is not known as connected', async () => {
  const answer = gate()
  const asked = gate()
  const { broker } = await brokerForTests({
    async signIn() {
      asked.open()
      await answer.opened
      return 'ok'
    },
  })
  const socket = connect(broker.port, '127.0.0.1')
  const bytes = [0x10, 26, 0, 4, ...Buffer.from('MQTT'), 4, 0xc2, 0, 30, 0, 2, 97, 98, 0, 2, 97, 98, 0, 4, 1, 2, 3, 4]
  socket.write(Buffer.from([bytes[0]!, bytes.length - 2, ...bytes.slice(2)]))
  await asked.opened
  broker.disconnect('ab')
  answer.open()
  await new Promise(resolve => socket.resume().once('close', resolve))
  expect(broker.isConnected('ab')).toBe(false)
})

test('who does not speak TLS, or nothing at all, is ended, and closing does not wait for it', async () => {
  const tls = makeTls()
  onTestFinished(() => rmSync(tls.folder, { recursive: true }))
  const { broker } = await brokerForTests({ port: null, tls: { port: 0, files: tls.files } })
  const ended = (bytes: string) => {
    const socket = connect(broker.tlsPort, '127.0.0.1')
    socket.on('error', () => {})
    if (bytes) socket.write(bytes)
    return new Promise(resolve => socket.resume().once('close', resolve))
  }
  await Promise.all([ended('GET / HTTP/1.1\r\n\r\n'), ended('')])
  const waiting = ended('')
  await broker.close()
  await waiting
})

/** Sends bytes, answers with all that came until the broker ended the connection. */
async function exchange(port: number, bytes: number[]): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  if (bytes.length > 0) socket.write(Buffer.from(bytes))
  const answer: Buffer[] = []
  socket.on('data', chunk => answer.push(chunk))
  await new Promise(resolve => socket.once('close', resolve))
  return Buffer.concat(answer)
}
