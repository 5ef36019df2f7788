import type { IPublishPacket } from 'mqtt-packet'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readBrokerAddress } from '../../server/broker-address.ts'
import { isPublish } from '../broker/broker-for-tests.ts'
import { makeCertificate } from '../support/certificates.ts'
import { eventually } from '../support/eventually.ts'
import { startMqttProxy } from '../support/mqtt-proxy.ts'
import { freePort, serverUrl } from './brokers.ts'
import { clientOf, plainForTest } from './client.ts'

// processes are started and killed here; each wait is for a fact
vi.setConfig({ testTimeout: 90_000 })
const within = { withinMs: 30_000 }
const isUp = ({ client }: ReturnType<typeof clientOf>) => eventually(() => client.problem() === null, within)

test('a broker that is away at the start is reached when it comes, and the reason is said once', async () => {
  const port = await freePort()
  const ours = clientOf(port)
  await eventually(() => ours.client.problem() === 'nothing listens at the external broker’s address', within)
  expect(await ours.client.send('north-1', 'ack', Buffer.from('{}'))).toBe(false)
  await plainForTest({ wanted: port })
  await isUp(ours)
  const reasons = ours.said.filter(each => each.message.startsWith('nothing listens'))
  expect(reasons).toHaveLength(1)
})

test('a wrong password is said in plain words, without the password', async () => {
  const { broker } = await plainForTest()
  const { client, said } = clientOf(broker.port, { password: 'not the right one' })
  const text = 'the external broker refuses user name or password: look at MQTT_URL and at its accounts'
  await eventually(() => client.problem() === text, within)
  expect(JSON.stringify(said)).toContain(text)
  expect(JSON.stringify(said)).not.toContain('not the right one')
})

test('what is sent reaches the one controller that listens, not retained; nothing waits for one that is absent', async () => {
  const { broker, connect } = await plainForTest()
  const ours = clientOf(broker.port)
  await isUp(ours)
  const device = await connect('north-1')
  await device.subscribe('v1/north-1/down/+')
  expect(await ours.client.send('north-1', 'ack', Buffer.from('{"n":1}'))).toBe(true)
  const heard = await device.next<IPublishPacket>(isPublish)
  expect(heard).toMatchObject({ topic: 'v1/north-1/down/ack', qos: 1, retain: false })

  await ours.client.send('north-2', 'order', Buffer.from('{"n":2}'))
  const late = await connect('north-2')
  await late.subscribe('v1/+/down/+')
  expect(await ours.client.send('north-2', 'ack', Buffer.from('{"n":3}'))).toBe(true)
  expect((await late.next<IPublishPacket>(isPublish)).payload.toString()).toBe('{"n":3}')
  expect(late.messages).toHaveLength(1)
})

test('it asks for nothing that only one broker has: clean sessions, nothing retained, no topic of the broker’s own [LINK-17]', async () => {
  const { broker, connect } = await plainForTest()
  const proxy = await startMqttProxy(broker.port)
  onTestFinished(() => proxy.close())
  const ours = clientOf(proxy.port)
  await isUp(ours)
  const device = await connect('north-1')
  await device.subscribe('v1/north-1/down/+')
  expect(await ours.client.send('north-1', 'ack', Buffer.from('{"n":1}'))).toBe(true)
  await device.next<IPublishPacket>(isPublish)
  const topics: string[] = []
  for (const packet of proxy.said) {
    if (packet.cmd === 'connect') expect(packet).toMatchObject({ protocolVersion: 4, clean: true })
    if (packet.cmd === 'connect') expect(packet.will?.retain ?? false).toBe(false)
    if (packet.cmd === 'publish') expect(packet).toMatchObject({ retain: false })
    if (packet.cmd === 'publish') topics.push(packet.topic)
    if (packet.cmd === 'subscribe') topics.push(...packet.subscriptions.map(each => each.topic))
  }
  expect(topics).toContain('v1/+/up/+')
  expect(topics).toContain('v1/north-1/down/ack')
  expect(topics.filter(each => each.startsWith('$'))).toEqual([])
})

test('while the link is down nothing is sent and nothing is kept for later', async () => {
  const { broker, connect } = await plainForTest()
  const ours = clientOf(broker.port)
  await isUp(ours)
  await broker.kill()
  await eventually(() => ours.client.problem() !== null, within)
  const answers: boolean[] = []
  const asking = setInterval(async () => {
    if (ours.client.problem() !== null) answers.push(await ours.client.send('north-1', 'order', Buffer.from('{"n":1}')))
  }, 1)
  onTestFinished(() => clearInterval(asking))
  await broker.restart()
  const device = await connect('north-1')
  await device.subscribe('v1/north-1/down/+')
  await isUp(ours)
  expect(await ours.client.send('north-1', 'ack', Buffer.from('{"n":2}'))).toBe(true)
  expect((await device.next<IPublishPacket>(isPublish)).payload.toString()).toBe('{"n":2}')
  expect(device.messages).toHaveLength(1)
  expect(answers.length).toBeGreaterThan(0)
  expect(answers).not.toContain(true)
})

test('after kill -9 of the broker it hears again', async () => {
  const { broker, connect } = await plainForTest()
  const ours = clientOf(broker.port)
  await isUp(ours)
  for (const round of [1, 2]) {
    await broker.kill()
    await eventually(() => ours.client.problem() !== null, within)
    await broker.restart()
    await isUp(ours)
    const device = await connect('north-1')
    await device.publish('v1/north-1/up/status', '{}')
    await eventually(() => ours.received.length === round, within)
  }
})

test('a broker that takes everything and hands on nothing is noticed by the probe, and left for a new connection', async () => {
  const { broker, connect } = await plainForTest()
  const ours = clientOf(broker.port)
  await isUp(ours)
  await broker.permit(false)
  await eventually(() => ours.client.problem()?.startsWith('messages do not come back') === true, within)
  await broker.permit(true)
  await isUp(ours)
  const device = await connect('north-1')
  await device.publish('v1/north-1/up/status', '{}')
  await eventually(() => ours.received.length === 1, within)
})

test('a message over 4 KiB is not sent', async () => {
  const { broker } = await plainForTest()
  const ours = clientOf(broker.port)
  await isUp(ours)
  expect(await ours.client.send('north-1', 'grants', Buffer.alloc(4090))).toBe(false)
})

test('over TLS: a broker of an unknown authority is not trusted, with its authority in MQTT_CA it is', async () => {
  const authority = makeCertificate({ name: 'Town', authority: true })
  const { cert, key } = makeCertificate({ name: 'broker', by: authority, hosts: ['127.0.0.1'] })
  const { broker } = await plainForTest({ tls: { TLS_CERT: cert, TLS_KEY: key } })
  const address = readBrokerAddress(serverUrl(broker.port).replace('mqtt:', 'mqtts:'))!
  const strange = clientOf(broker.port, { address })
  const text = 'the external broker’s certificate is not trusted: name its authority in MQTT_CA'
  await eventually(() => strange.client.problem() === text, within)
  const ours = clientOf(broker.port, { address, ca: Buffer.from(authority.cert) })
  await isUp(ours)
  expect(ours.client.problem()).toBeNull()
})
