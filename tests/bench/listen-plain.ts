import { createServer } from 'node:net'
import { Aedes } from 'aedes'
import { settings } from '../../broker/settings.ts'

type Answer = (id: string, kind: string, payload: Buffer) => Promise<[kind: string, body: string]> | [string, string]

/** Aedes with the settings and the listener that ours has, and nothing else: no rules, no limits, no database. */
export async function listenPlain(answer?: Answer): Promise<{ port: number }> {
  // 0: the usual window of 100 deliveries would slow it down
  const aedes = await Aedes.createBroker({ ...settings.aedes, concurrency: 0 })
  if (answer)
    aedes.on('publish', async (packet, client) => {
      if (!client) return
      const kind = packet.topic.slice(packet.topic.lastIndexOf('/') + 1)
      const answered = answer(client.id, kind, packet.payload as Buffer)
      const [down, body] = answered instanceof Promise ? await answered : answered
      const message = { cmd: 'publish' as const, payload: Buffer.from(body), retain: false, dup: false }
      client.publish({ ...message, topic: `v1/${client.id}/down/${down}`, qos: 1 }, () => {})
    })
  const server = createServer({ noDelay: true, keepAlive: true }, aedes.handle)
  server.maxConnections = settings.maxConnections
  return new Promise(resolve =>
    server.listen({ port: 0, host: '127.0.0.1', backlog: settings.backlog }, () =>
      resolve({ port: (server.address() as { port: number }).port }),
    ),
  )
}
