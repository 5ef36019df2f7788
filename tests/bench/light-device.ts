import { connect, type Socket } from 'node:net'
import { generate, type Packet } from 'mqtt-packet'

/** A controller cut down to its bytes, so that thousands of them cost the measured side more than us. */
export type LightDevice = {
  id: string
  socket: Socket
  publish(kind: 'status' | 'events' | 'code', payload: string): void
  ping(): void
  heard: Heard
}
export type Heard = {
  /** of a message to it: the last part of the topic */
  message?(kind: string, payload: Buffer): void
  puback?(): void
  closed?(): void
}
export type Account = { id: string; password: string }

const packet = (one: object): Buffer => generate(one as Packet, { protocolVersion: 4 })
const pingreq = Buffer.from([0xc0, 0])

/** Resolves when it is signed in and subscribed; rejects when the connection ends before that. */
export function connectLight(port: number, { id, password }: Account, heard: Heard = {}): Promise<LightDevice> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  const topics = new Map<string, Buffer>()
  let lastId = 1

  function publish(kind: string, payload: string): void {
    const topic = topics.get(kind) ?? Buffer.from(`v1/${id}/up/${kind}`)
    topics.set(kind, topic)
    lastId = (lastId % 65_535) + 1
    const bytes = Buffer.byteLength(payload)
    const rest = 2 + topic.length + 2 + bytes
    const lengthBytes = rest < 128 ? 1 : rest < 16_384 ? 2 : 3
    const whole = Buffer.allocUnsafe(1 + lengthBytes + rest)
    let at = whole.writeUInt8(0x32, 0)
    for (let left = rest; ; left >>= 7) {
      at = whole.writeUInt8(left > 127 ? (left & 127) | 128 : left, at)
      if (left < 128) break
    }
    at = whole.writeUInt16BE(topic.length, at)
    at += topic.copy(whole, at)
    at = whole.writeUInt16BE(lastId, at)
    whole.write(payload, at)
    socket.write(whole)
  }

  return new Promise((resolve, reject) => {
    const device: LightDevice = { id, socket, publish, heard, ping: () => void socket.write(pingreq) }
    let rest: Buffer = Buffer.alloc(0)
    socket.on('data', chunk => {
      rest = readPackets(rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk, take)
    })
    function take(type: number, qos: number, body: Buffer): void {
      if (type === 3) {
        const topicEnd = 2 + body.readUInt16BE(0)
        const slash = body.lastIndexOf(0x2f, topicEnd - 1)
        if (qos === 1) socket.write(Buffer.from([0x40, 2, body[topicEnd]!, body[topicEnd + 1]!]))
        device.heard.message?.(body.toString('latin1', slash + 1, topicEnd), body.subarray(topicEnd + (qos ? 2 : 0)))
      } else if (type === 4) device.heard.puback?.()
      else if (type === 2 && body[1] === 0)
        socket.write(packet({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: `v1/${id}/down/+`, qos: 1 }] }))
      else if (type === 9 && body[2] === 1) resolve(device)
      else if (type === 2 || type === 9) socket.destroy(new Error(`${id}: refused with ${body.toString('hex')}`))
    }
    socket.once('connect', () => {
      const signIn = { clientId: id, username: id, password: Buffer.from(password), clean: true, keepalive: 30 }
      socket.write(packet({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, ...signIn }))
    })
    socket.on('error', reject)
    socket.on('close', () => {
      reject(new Error(`${id}: the connection ended`))
      device.heard.closed?.()
    })
  })
}

/** Calls `take` for each whole packet and answers what is left. */
function readPackets(bytes: Buffer, take: (type: number, qos: number, body: Buffer) => void): Buffer {
  let at = 0
  for (;;) {
    let length = 0
    let next = at + 1
    for (let shift = 0; ; shift += 7) {
      if (next >= bytes.length) return bytes.subarray(at)
      const digit = bytes[next++]!
      length |= (digit & 127) << shift
      if (digit < 128) break
    }
    if (next + length > bytes.length) return bytes.subarray(at)
    const first = bytes[at]!
    take(first >> 4, (first >> 1) & 3, bytes.subarray(next, next + length))
    at = next + length
  }
}

type Journal = { journal: string; boot: string; link?: string; last?: number; up?: number }

export const onlineStatus = ({ journal, boot, last = 0, up = 60_000, link = `${boot}-${up}` }: Journal): string =>
  JSON.stringify({
    ...{ state: 'online', link, boot, up, journal, first: 1, last, firmware: 'bench' },
    // it keeps no list, so every code is asked of the server
    ...{ protocol: 1, time: Date.now(), clock: 'synced', grants: -1, config: 1 },
  })
