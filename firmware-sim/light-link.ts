import { connect as connectTcp, type Socket } from 'node:net'
import mqttPacket, { type Packet } from 'mqtt-packet'
import { type UpKind, upTopic } from '../schema/wire/topics.ts'
import { openSecure, type TlsParts } from './tls.ts'

export type LightLink = {
  publish(kind: UpKind, message: Record<string, unknown>): void
  ping(): void
  /** the plug is pulled */
  destroy(): void
  /** DISCONNECT, so that the will is not sent */
  end(): void
}
type Outside = {
  url: URL
  id: string
  password: string
  tls?: TlsParts | undefined
  hasTime: boolean
  link: string
  boot: string
  onSubscribed: () => void
  onMessage: (topic: string, payload: Uint8Array, retained: boolean) => void
  onClosed: () => void
}

const { generate, parser } = mqttPacket
const protocol = { protocolVersion: 4 } as const

/** Just as much of MQTT as a device needs, at a fraction of a client's memory: for thousands in one process. */
export function openLightLink(outside: Outside): LightLink {
  const { id, password, link, boot } = outside
  const socket = openSocket(outside, () => signIn())
  const packets = parser(protocol)
  let nextId = 0
  let subscribed = false
  const send = (packet: Packet) => {
    if (socket.writable) socket.write(generate(packet, protocol))
  }

  packets.on('packet', packet => {
    if (packet.cmd === 'connack') {
      if (packet.returnCode !== 0) return void socket.destroy()
      send({ cmd: 'subscribe', messageId: ++nextId, subscriptions: [{ topic: `v1/${id}/down/+`, qos: 1 }] })
    }
    if (packet.cmd === 'suback') {
      if (packet.granted[0] === 0x80) return void socket.destroy()
      subscribed = true
      outside.onSubscribed()
    }
    if (packet.cmd === 'publish') {
      if (packet.qos === 1) send({ cmd: 'puback', messageId: packet.messageId! })
      outside.onMessage(packet.topic, Buffer.from(packet.payload), packet.retain)
    }
  })
  packets.on('error', () => socket.destroy())
  socket.on('data', chunk => packets.parse(chunk))
  socket.on('error', () => {})
  socket.on('close', outside.onClosed)
  const signIn = () =>
    send({
      cmd: 'connect',
      ...protocol,
      protocolId: 'MQTT',
      clientId: id,
      username: id,
      password: Buffer.from(password),
      clean: true,
      keepalive: 30,
      will: {
        topic: upTopic(id, 'status'),
        payload: Buffer.from(JSON.stringify({ state: 'offline', link, boot })),
        qos: 1,
        retain: false,
      },
    })

  return {
    publish(kind, message) {
      if (!subscribed) return
      nextId = (nextId % 65_535) + 1
      const payload = JSON.stringify(message)
      send({
        cmd: 'publish',
        topic: upTopic(id, kind),
        payload,
        qos: 1,
        messageId: nextId,
        dup: false,
        retain: false,
      })
    },
    ping: () => subscribed && send({ cmd: 'pingreq' }),
    destroy: () => void socket.destroy(),
    end() {
      send({ cmd: 'disconnect' })
      socket.end()
    },
  }
}

/** `reached` is never called at once. */
function openSocket({ url, tls, hasTime }: Outside, reached: () => void): Socket {
  if (url.protocol === 'mqtts:') return openSecure({ url, tls, checkDates: hasTime, onProven: reached, onFailed() {} })
  const socket = connectTcp({ host: url.hostname, port: Number(url.port || 1883), noDelay: true })
  return socket.once('connect', reached)
}
