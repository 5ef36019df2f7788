import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { settings } from '../../broker/settings.ts'
import { brokerForTests } from './broker-for-tests.ts'

/** Type and flags, then the remaining length in as many bytes as it needs (MQTT 3.1.1 §2.2.3). */
function header(type: number, remaining: number): Buffer {
  const bytes = [type]
  for (let rest = remaining; bytes.length === 1 || rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0))
  }
  return Buffer.from(bytes)
}

/** A CONNECT of exactly so many bytes in all, filled up with will payload. */
function connectOf(bytes: number): Buffer {
  const text = (value: string) =>
    Buffer.concat([Buffer.from([value.length >> 8, value.length & 255]), Buffer.from(value)])
  const body = (fill: number) =>
    Buffer.concat([
      text('MQTT'),
      Buffer.from([4, 0b1100_1110, 0, 30]),
      ...['north-1', 'v1/north-1/up/status', 'x'.repeat(fill), 'north-1', 'secret'].map(text),
    ])
  const whole = body(bytes - 3 - body(0).length)
  return Buffer.concat([header(0x10, whole.length), whole])
}

test('a CONNECT of 150 MB from a stranger is cut at once, and nothing of it is kept', async () => {
  const { broker, refused } = await brokerForTests()
  const total = 150 * 1024 * 1024
  const before = process.memoryUsage()
  let peak = 0
  let sent = 0
  const begun = Date.now()
  const socket = connect(broker.port, '127.0.0.1')
  socket.on('error', () => {})
  const chunk = Buffer.alloc(64 * 1024)
  const ended = new Promise<void>(resolve => socket.once('close', () => resolve()))
  socket.write(header(0x10, total))
  const pump = () => {
    while (!socket.destroyed && sent < total) {
      sent += chunk.length
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before.arrayBuffers)
      if (!socket.write(chunk)) return socket.once('drain', pump)
    }
  }
  pump()
  await ended
  expect(Date.now() - begun).toBeLessThan(2_000)
  expect(sent).toBeLessThan(20 * 1024 * 1024)
  expect(peak).toBeLessThan(20 * 1024 * 1024)
  expect(refused).toEqual([
    { controllerId: null, address: '127.0.0.1', action: 'packet-size', detail: `packet of ${total + 5} bytes` },
  ])
})

test('before CONNACK a packet may have the 4 KiB of the contract and not a byte more', async () => {
  const { broker } = await brokerForTests()
  const answers = [4096, 4097].map(async bytes => {
    const socket = connect(broker.port, '127.0.0.1')
    socket.on('error', () => {})
    const packet = connectOf(bytes)
    expect(packet).toHaveLength(bytes)
    socket.write(packet)
    const answer = await new Promise<Buffer | null>(resolve => {
      socket.once('data', resolve)
      socket.once('close', () => resolve(null))
    })
    socket.destroy()
    return answer
  })
  expect(await Promise.all(answers)).toEqual([Buffer.from([0x20, 2, 0, 0]), null])
})

test('the limit holds when the length comes byte by byte', async () => {
  const { broker, refused } = await brokerForTests()
  const socket = connect({ port: broker.port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {})
  const ended = new Promise<void>(resolve => socket.once('close', () => resolve()))
  for (const byte of header(0x10, 150_000_000)) await new Promise(resolve => socket.write(Buffer.from([byte]), resolve))
  await ended
  expect(refused).toMatchObject([{ action: 'packet-size' }])
})

test('after CONNACK a message somewhat over 4 KiB is handed on', async () => {
  const { connect, received } = await brokerForTests()
  const client = await connect('north-1')
  const topic = 'v1/north-1/up/events'
  const overhead = 1 + 3 + 2 + topic.length + 2
  await client.publish(topic, 'x'.repeat(5_000))
  await client.publish(topic, 'x'.repeat(settings.packetBytes - overhead))
  expect(received.map(message => message.text.length)).toEqual([5_000, settings.packetBytes - overhead])
})

test('after CONNACK a packet over the limit ends the connection and is told', async () => {
  const { connect, received, refused } = await brokerForTests()
  const client = await connect('north-1')
  // the announcement is enough
  client.socket.write(header(0x32, settings.packetBytes))
  await client.closed
  expect(received).toEqual([])
  expect(refused).toMatchObject([{ controllerId: 'north-1', action: 'packet-size' }])
})
