import { createServer, connect as dial, type Socket } from 'node:net'
import { generate, type IPublishPacket, parser as makeParser, type Packet } from 'mqtt-packet'

export type MqttProxy = {
  port: number
  url: string
  /** every packet that devices sent */
  said: Packet[]
  /** what becomes of a message on its way down to the device: passed on as it is unless this says otherwise */
  rule: (message: IPublishPacket) => IPublishPacket[]
  /** a message of the test's own, or one kept back, over the device's present connection */
  say(message: Pick<IPublishPacket, 'topic' | 'payload'> & { retain?: boolean }): void
  close(): void
}

/** Ids that the broker does not reach in a test, so that the PUBACK of what the test said is not handed to the broker. */
const ownIds = 50_000

/** The link between a device and the broker in the test's hands: real bytes both ways, read packet by packet. */
export async function startMqttProxy(brokerPort: number): Promise<MqttProxy> {
  const open = new Set<Socket>()
  let present: Socket | undefined
  let lastId = ownIds
  const write = (socket: Socket, packet: Packet) => {
    if (!socket.destroyed) socket.write(generate(packet, { protocolVersion: 4 }))
  }
  const down = (device: Socket, message: IPublishPacket) => write(device, { ...message, messageId: ++lastId })

  const listener = createServer({ noDelay: true }, device => {
    const broker = dial({ port: brokerPort, host: '127.0.0.1', noDelay: true })
    present = device
    for (const [end, other] of [
      [device, broker],
      [broker, device],
    ] as const) {
      open.add(end)
      end.on('error', () => {})
      end.on('close', () => {
        open.delete(end)
        other.destroy()
      })
    }
    const fromDevice = makeParser({ protocolVersion: 4 })
    fromDevice.on('packet', packet => {
      proxy.said.push(packet)
      if (packet.cmd !== 'puback' || packet.messageId! <= ownIds) write(broker, packet)
    })
    device.on('data', bytes => fromDevice.parse(bytes))
    const fromBroker = makeParser({ protocolVersion: 4 })
    fromBroker.on('packet', packet => {
      if (packet.cmd !== 'publish') return write(device, packet)
      const [first, ...more] = proxy.rule(packet)
      // one that is kept back counts as delivered, or the broker would wait for it
      if (first) write(device, { ...first, messageId: packet.messageId! })
      else write(broker, { cmd: 'puback', messageId: packet.messageId! })
      for (const each of more) down(device, each)
    })
    broker.on('data', bytes => fromBroker.parse(bytes))
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as { port: number }

  const proxy: MqttProxy = {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    said: [],
    rule: message => [message],
    say({ topic, payload, retain = false }) {
      if (!present || present.destroyed) throw new Error('no device is connected')
      down(present, { cmd: 'publish', topic, payload, qos: 1, dup: false, retain })
    },
    close() {
      for (const end of open) end.destroy()
      listener.close()
    },
  }
  return proxy
}
