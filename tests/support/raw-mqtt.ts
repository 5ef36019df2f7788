import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import {
  generate,
  type IConnackPacket,
  type IPublishPacket,
  type ISubackPacket,
  parser as makeParser,
  type Packet,
} from 'mqtt-packet'

export type Will = { topic: string; payload: string | Buffer; qos?: 0 | 1 | 2; retain?: boolean }
export type ConnectRaw = {
  host?: string
  port: number
  clientId: string
  username?: string | undefined
  password?: string | Buffer | undefined
  clean?: boolean
  keepalive?: number
  will?: Will
  /** the address to come from */
  localAddress?: string
  /** MQTT over TLS */
  tls?: ConnectionOptions
  /** false: a message with QoS 1 is left without its PUBACK */
  autoAck?: boolean
  withinMs?: number
}
export type RawClient = {
  /** null when the connection ended without one */
  connack: IConnackPacket | null
  socket: Socket
  /** every message heard so far */
  messages: IPublishPacket[]
  send(packet: Packet): void
  /** the next packet that fits, from those not yet taken or still to come; a publish in `messages` counts once */
  next<T extends Packet>(fits: (packet: Packet) => boolean, withinMs?: number): Promise<T>
  /** waits for the PUBACK (QoS 1, the default); an object goes as JSON */
  publish(topic: string, message: unknown, options?: { qos?: 0 | 1 | 2; retain?: boolean }): Promise<void>
  subscribe(filters: string | string[], qos?: 0 | 1 | 2): Promise<number[]>
  /** DISCONNECT, then the end of the connection */
  close(): Promise<void>
  /** without a word, so that the will is due */
  destroy(): void
  closed: Promise<void>
}

/**
 * An MQTT 3.1.1 device with no code of ours: a socket and the packets. Resolves when the broker has answered the CONNECT
 * or ended the connection.
 */
export async function connectRaw(options: ConnectRaw): Promise<RawClient> {
  const { host = '127.0.0.1', port, autoAck = true, withinMs = 10_000, tls, localAddress } = options
  const where = { host, port, noDelay: true, ...(localAddress ? { localAddress } : {}) }
  const socket = tls ? connectTls({ ...where, ...tls }) : connect(where)
  const inbox: Packet[] = []
  const messages: IPublishPacket[] = []
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const look of waiting) look()
  }
  let ended = false
  const closed = new Promise<void>(resolve => {
    socket.once('close', () => {
      ended = true
      resolve()
      wake()
    })
  })
  const reached = new Promise<void>((resolve, reject) => {
    socket.once(tls ? 'secureConnect' : 'connect', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {})
  await reached

  const parser = makeParser({ protocolVersion: 4 })
  parser.on('packet', packet => {
    inbox.push(packet)
    if (packet.cmd === 'publish') {
      messages.push(packet)
      if (autoAck && packet.qos === 1) send({ cmd: 'puback', messageId: packet.messageId! })
    }
    wake()
  })
  socket.on('data', bytes => parser.parse(bytes))

  function send(packet: Packet): void {
    if (!ended) socket.write(generate(packet, { protocolVersion: 4 }))
  }

  function next<T extends Packet>(fits: (packet: Packet) => boolean, within = withinMs): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer)
        waiting.delete(look)
      }
      const look = () => {
        const at = inbox.findIndex(fits)
        if (at < 0 && !ended) return
        leave()
        if (at < 0) return reject(new Error('the connection ended'))
        resolve(inbox.splice(at, 1)[0] as T)
      }
      const timer = setTimeout(() => {
        leave()
        reject(new Error(`no such packet within ${within} ms`))
      }, within)
      waiting.add(look)
      look()
    })
  }

  let lastId = 0
  const nextId = () => {
    lastId = (lastId % 65_535) + 1
    return lastId
  }

  async function publish(
    topic: string,
    message: unknown,
    { qos = 1, retain = false }: { qos?: 0 | 1 | 2; retain?: boolean } = {},
  ) {
    const payload = typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)
    if (qos === 0) return send({ cmd: 'publish', topic, payload, qos, retain, dup: false })
    const messageId = nextId()
    send({ cmd: 'publish', topic, payload, qos, retain, dup: false, messageId })
    const answer = qos === 1 ? 'puback' : 'pubrec'
    await next(packet => packet.cmd === answer && packet.messageId === messageId)
  }

  async function subscribe(filters: string | string[], qos: 0 | 1 | 2 = 1): Promise<number[]> {
    const messageId = nextId()
    send({ cmd: 'subscribe', messageId, subscriptions: [filters].flat().map(topic => ({ topic, qos })) })
    const suback = await next<ISubackPacket>(packet => packet.cmd === 'suback' && packet.messageId === messageId)
    return suback.granted as number[]
  }

  const { will } = options
  send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId: options.clientId,
    clean: options.clean ?? true,
    keepalive: options.keepalive ?? 30,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: Buffer.from(options.password) }),
    ...(will && {
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: will.qos ?? 1, retain: will.retain ?? false },
    }),
  })
  const connack = await next<IConnackPacket>(packet => packet.cmd === 'connack').catch(error => {
    if (ended) return null
    socket.destroy()
    throw error
  })

  return {
    connack,
    socket,
    messages,
    send,
    next,
    publish,
    subscribe,
    async close() {
      if (!ended) {
        send({ cmd: 'disconnect' })
        socket.end()
      }
      await closed
    },
    destroy: () => void socket.destroy(),
    closed,
  }
}
