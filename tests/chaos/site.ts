import { randomBytes } from 'node:crypto'
import { readBrokerAddress } from '../../server/broker-address.ts'
import { startServer } from '../../server/server.ts'
import { admin, makeSite, signIn } from '../support/api.ts'
import { freshDatabase } from '../support/postgres.ts'

const hour = 3600_000

type Outside = {
  /** something between server and database */
  reach?: (url: string) => Promise<{ url: string; close(): void }>
  /** a broker of somebody else's */
  brokerUrl?: string
}

/** The real server on a database of its own, and a site with its people; each test enrols a bank of its own. */
export async function openSite({ reach = async url => ({ url, close() {} }), brokerUrl }: Outside = {}) {
  const database = await freshDatabase()
  const way = await reach(database.url)
  let shiftMs = 0
  let signedInMs = 0
  const config = {
    ...{ host: '127.0.0.1', httpPort: 0, mqttPort: 0, dataDir: '', databaseUrl: way.url, logLevel: 'error' as const },
    ...{ masterKey: randomBytes(32), publicUrl: null, trustProxy: false },
    ...{ adminEmail: admin.email, adminPassword: admin.password },
    externalBroker: brokerUrl ? readBrokerAddress(brokerUrl)! : null,
  }
  const outside = { now: () => new Date(Date.now() + shiftMs) }
  const first = await startServer(config, outside)
  let server = first
  const people = await makeSite(first.url, { controllerId: 'first', doors: 1 })
  const { siteId, resident } = people
  const site = {
    ...{ sql: database.sql, url: first.url, mqttUrl: first.mqttUrl, siteId, residentId: resident.id!, resident },
    ...{ landlord: people.landlord, courier: people.courier },
    shift: () => shiftMs,
    /** the time of server and devices goes on; database and sockets keep theirs, and sessions end */
    async forward(ms: number) {
      shiftMs += ms
      if (shiftMs - signedInMs < 10 * hour) return
      signedInMs = shiftMs
      site.landlord = await signIn(first.url, admin)
      site.courier = await signIn(first.url, { siteId, carrierCode: 'RAPIDE-2026' })
    },
    /** nothing answers any more, at either port */
    stop: () => server.close(),
    /** again at the same ports */
    async start() {
      const ports = { httpPort: Number(new URL(first.url).port), mqttPort: Number(new URL(first.mqttUrl).port) }
      server = await startServer({ ...config, ...ports }, outside)
    },
    async close() {
      await server.close()
      way.close()
      await database.drop()
    },
  }
  return site
}
export type Site = Awaited<ReturnType<typeof openSite>>
