import { randomBytes } from 'node:crypto'
import type { IPublishPacket } from 'mqtt-packet'
import WebSocket from 'ws'
import type { LiveMessage } from '../../schema/api/live.ts'
import { startServer } from '../../server/server.ts'
import { admin, asPerson, makeSite } from '../support/api.ts'
import { freshDatabase } from '../support/postgres.ts'
import { connectDevice, isOn, type Message, newDevice, type RawDevice, readJson } from '../support/raw-device.ts'

export const bankId = 'bank-1'

/**
 * The whole server in this process over a database of its own, and one bank enrolled through HTTP. Only time is not real:
 * `forward` moves the server's clock (the database keeps its own). `reach` puts something between server and database.
 */
export async function openBank({
  doors = 2,
  reach = async url => ({ url, close() {} }),
}: {
  doors?: number
  reach?: (url: string) => Promise<{ url: string; close(): void }>
} = {}) {
  const database = await freshDatabase()
  const way = await reach(database.url)
  let shiftMs = 0
  const server = await startServer(
    {
      ...{ host: '127.0.0.1', httpPort: 0, mqttPort: 0, dataDir: '', databaseUrl: way.url, logLevel: 'silent' },
      ...{ masterKey: randomBytes(32), publicUrl: null, trustProxy: false },
      ...{ adminEmail: admin.email, adminPassword: admin.password },
    },
    { now: () => new Date(Date.now() + shiftMs) },
  )
  const site = await makeSite(server.url, { controllerId: bankId, doors })
  const { body } = await asPerson(server.url)('POST', '/api/sessions', admin)
  const port = Number(new URL(server.mqttUrl).port)
  const open: { destroy(): void }[] = []
  return {
    ...site,
    url: server.url,
    port,
    sql: database.sql,
    newDevice: () => newDevice(bankId),
    async connect(device = newDevice(bankId), more: Partial<Parameters<typeof connectDevice>[1]> = {}) {
      const connected = await connectDevice(device, { port, password: site.password, doors, ...more })
      open.push(connected.link)
      return connected
    },
    forward(ms: number) {
      shiftMs += ms
    },
    /** everything that /live tells a landlord about this site */
    async watch(): Promise<LiveMessage[]> {
      const messages: LiveMessage[] = []
      const address = `${server.url.replace('http', 'ws')}/live?siteId=${site.siteId}`
      const socket = new WebSocket(address, { headers: { authorization: `Bearer ${body.token}` } })
      open.push({ destroy: () => socket.terminate() })
      await new Promise<void>((resolve, reject) => {
        socket.on('error', reject)
        socket.on('message', data => {
          messages.push(JSON.parse(String(data)))
          resolve()
        })
      })
      return messages
    },
    async controller(): Promise<Record<string, unknown>> {
      return (await site.landlord('GET', `/api/controllers/${bankId}`)).body
    },
    async close() {
      for (const each of open) each.destroy()
      await server.close()
      way.close()
      await database.drop()
    },
  }
}
export type Bank = Awaited<ReturnType<typeof openBank>>

export const hear = async (device: RawDevice, kind: string, fits?: (message: Message) => boolean): Promise<Message> =>
  readJson(await device.link.next<IPublishPacket>(isOn(`v1/${device.id}/down/${kind}`, fits)))

/** Types and reasons of the site's history, oldest first. */
export const historyOf = (bank: Bank, ...types: string[]) =>
  bank.sql<{ type: string; facts: Record<string, unknown>; suspect: string | null; at: Date; receivedAt: Date }[]>`
    select type, facts, suspect, at, received_at from history where type = any(${types}::text[]) order by n`
