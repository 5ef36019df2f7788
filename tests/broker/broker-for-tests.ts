import { onTestFinished } from 'vitest'
import { startBroker } from '../../broker/broker.ts'
import type { BrokerOptions, Refused } from '../../broker/options.ts'
import { type ConnectRaw, connectRaw, type RawClient } from '../support/raw-mqtt.ts'

export type Received = { controllerId: string; kind: string; text: string; will: boolean }

/** A broker on a free port that keeps what it was handed; the password of every controller is `secret`. */
export async function brokerForTests(own: Partial<BrokerOptions> = {}) {
  const received: Received[] = []
  const refused: Refused[] = []
  const errors: unknown[] = []
  const warnings: object[] = []
  const broker = await startBroker({
    host: '127.0.0.1',
    port: 0,
    async signIn(_controllerId, proof) {
      return proof === 'certificate' || proof.toString() === 'secret' ? 'ok' : 'refused'
    },
    async receive({ controllerId, kind, payload, will }) {
      received.push({ controllerId, kind, text: payload.toString(), will })
    },
    refused: what => refused.push(what),
    log: {
      info() {},
      warn: (what, message) => warnings.push({ ...what, message }),
      error: (what, message) => errors.push({ ...what, message }),
    },
    ...own,
  })
  const clients: RawClient[] = []
  onTestFinished(async () => {
    for (const client of clients) client.destroy()
    await broker.close()
  })
  /** Signs in, rightly unless told otherwise; over TLS when there is no plain port or `tls` is given. */
  async function connect(controllerId: string, other: Partial<ConnectRaw> = {}): Promise<RawClient> {
    const right = { clientId: controllerId, username: controllerId, password: 'secret' }
    const overTls = broker.port === 0 || other.tls
    const way = overTls ? { port: broker.tlsPort, tls: { rejectUnauthorized: false } } : { port: broker.port }
    const client = await connectRaw({ ...way, ...right, ...other })
    clients.push(client)
    return client
  }

  /** Signs in and listens on its whole down branch. */
  async function listening(controllerId: string, other: Partial<ConnectRaw> = {}): Promise<RawClient> {
    const client = await connect(controllerId, other)
    await client.subscribe(`v1/${controllerId}/down/+`)
    return client
  }

  return { broker, received, refused, errors, warnings, connect, listening }
}

/** A promise to be let go from outside. */
export function gate() {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open }
}

/** Both packets in one write, so that the broker reads them together. */
export function together(client: RawClient, ...packets: Parameters<RawClient['send']>[0][]): void {
  client.socket.cork()
  for (const packet of packets) client.send(packet)
  client.socket.uncork()
}

export const isPingresp = (packet: { cmd?: string }) => packet.cmd === 'pingresp'
export const isPuback = (packet: { cmd?: string }) => packet.cmd === 'puback'
export const isPublish = (packet: { cmd?: string }) => packet.cmd === 'publish'
