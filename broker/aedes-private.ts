import type { Aedes, Client } from 'aedes'

/**
 * The only file that touches what Aedes 1.2.0 does not promise. Two remedies, each with a test that fails without it
 * (tests/broker/take-over.test.ts, tests/broker/packet-size.test.ts), and the few reads the rest needs.
 */
export type Link = Client & {
  connackSent: boolean
  will: object | null
  subscriptions: Record<string, { qos: 0 | 1 | 2 }>
  _parser: Parser
}
type Parser = { client: Link; packet: { length: number }; _parseLength(): boolean; _emitError(error: Error): void }
type Inside = Aedes & {
  clients: Record<string, Link>
  registerClient(link: Link): void
  unregisterClient(link: Link): void
  _finishRegisterClient(link: Link): void
}

/** The connection that stands for a controller now. */
export function currentLink(broker: Aedes, controllerId: string): Link | null {
  const link = (broker as Inside).clients[controllerId]
  return link && !link.closed && !link.conn.destroyed ? link : null
}

/** Aedes asks for a will as for any publish; the will is the very object it keeps on the connection. */
export const isWill = (link: Link, packet: object): boolean => link.will === packet

/**
 * Take-over remedy. Aedes closes the old connection first and registers the new one when that is done; the end of the
 * old one then deletes whatever is registered under the id, which may be the new one (0.7–2.2 % of reconnects under
 * load left a connected controller unknown), and of two that take over at once one stays open beside the other. Here
 * the new one takes the place in one step, and only who holds the place can give it up. [MQTT-3.1.4-2]
 */
export function keepTakeOversApart(broker: Aedes): void {
  const inside = broker as Inside
  const unregister = inside.unregisterClient.bind(inside)
  inside.unregisterClient = link => {
    if (inside.clients[link.id] === link) unregister(link)
  }
  inside.registerClient = link => {
    // gone while its session was being prepared: it would hold the place of the living one
    if (link.closed) return
    const old = inside.clients[link.id]
    if (old) unregister(old)
    inside._finishRegisterClient(link)
    old?.close()
  }
}

/** Bytes of a whole packet: type, remaining length in 1–4 bytes (§2.2.3), the rest. */
const packetBytes = (remaining: number): number =>
  1 + (remaining < 128 ? 1 : remaining < 16_384 ? 2 : remaining < 2_097_152 ? 3 : 4) + remaining

type Limit = { of(link: Link): number; exceeded(link: Link, bytes: number): void }

/**
 * Packet size remedy. Aedes buffers a packet of any announced length whole, even a first CONNECT of 150 MB from a
 * stranger. Here the length is judged as soon as it is read, before any of the packet is kept. One function serves all
 * connections: thousands of them are idle most of the time, and closures would be most of what ours cost beside Aedes.
 */
export function makePacketLimit({ of, exceeded }: Limit): (client: Client) => void {
  let inherited: Parser['_parseLength']

  function parseLength(this: Parser): boolean {
    if (!inherited.call(this)) return false
    const bytes = packetBytes(this.packet.length)
    const limit = of(this.client)
    if (bytes <= limit) return true
    exceeded(this.client, bytes)
    this._emitError(new Error(`packet of ${bytes} bytes, at most ${limit}`))
    return false
  }

  return client => {
    const parser = (client as Link)._parser
    inherited ??= parser._parseLength
    parser._parseLength = parseLength
  }
}
