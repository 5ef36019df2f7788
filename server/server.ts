import { pino } from 'pino'
import type { Config } from './config.ts'
import type { Changes, Context, DeviceWork } from './context.ts'
import type { Deliver } from './delivery/message.ts'
import { startDelivery } from './delivery/start.ts'
import { openWays } from './delivery/ways.ts'
import { type Inbox, type Send, startInbox } from './devices/inbox.ts'
import { makeOutbox } from './devices/outbox.ts'
import { makeSetupLink } from './domain/first-landlord.ts'
import { serverMetrics } from './http/metrics.ts'
import { startHttp } from './http/start.ts'
import { type Jobs, startJobs } from './jobs.ts'
import { openKeys } from './keys.ts'
import { keyInDataDir } from './master-key.ts'
import { type OpenBroker, openBroker } from './open-broker.ts'
import { connect, warm } from './postgres/connect.ts'
import { startPostgres } from './postgres/launch.ts'
import { migrate } from './postgres/migrate.ts'
import { markAllAway } from './store/controllers.ts'

export type Server = {
  url: string
  /** plain TCP, or TLS when there is nothing else */
  mqttUrl: string
  mqttsUrl: string | null
  /** where the first landlord makes an account; null once there is one. It holds a secret */
  setupUrl: string | null
  /** given, or of the embedded one */
  databaseUrl: string
  close(): Promise<void>
}
/** time, and the way to people, can be somebody else's */
type Outside = { now?: () => Date; deliver?: Deliver }

/** Starts database, broker, HTTP in this order; whatever was started is closed again in the other one. */
export async function startServer(config: Config, outside: Outside = {}): Promise<Server> {
  const closers: (() => Promise<unknown>)[] = []
  let closed: Promise<void> | undefined
  const closeAll = async () => {
    for (const close of closers.reverse()) await close().catch(() => {})
  }
  try {
    const addresses = await startParts(config, outside, closers)
    return {
      ...addresses,
      close: () => {
        closed ??= closeAll()
        return closed
      },
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function startParts(config: Config, outside: Outside, closers: (() => Promise<unknown>)[]) {
  const { now = () => new Date() } = outside
  const log = pino({ level: config.logLevel }, pino.destination(2))
  const { databaseUrl, dataDir } = config
  const lines = { info: (text: string) => log.info(text), warn: (text: string) => log.warn(text) }
  const embedded = databaseUrl === null ? await startPostgres({ dataDir, log: lines }) : undefined
  if (embedded) closers.push(embedded.close)
  const address = databaseUrl ?? embedded!.url
  await migrate(address)
  const sql = connect(address)
  closers.push(() => sql.end({ timeout: 5 }))
  await warm(sql, 4)
  // nobody is connected to a broker that has not started yet; an external one went on without us
  if (!config.externalBroker) await markAllAway(sql)

  const parts: {
    ready: boolean
    opened?: OpenBroker
    inbox?: Inbox
    jobs?: Jobs
    announce?: (changes: Changes) => void
  } = {
    ready: false,
  }
  const ctx: Context = {
    sql,
    now,
    log,
    keys: await openKeys(sql, config.masterKey ?? keyInDataDir(dataDir)),
    announce: changes => parts.announce?.(changes),
    toDevice: (work: DeviceWork) => outbox.work(work),
  }
  const outbox = makeOutbox(ctx, () => parts.opened?.broker ?? { send: async () => false, disconnect() {} })
  const metrics = serverMetrics()
  const send: Send = (id, kind, payload) => parts.opened?.broker.send(id, kind, payload) ?? Promise.resolve(false)
  const inbox = startInbox(ctx, send, ({ messages, events, ms }) => {
    metrics.add('doors_events_total', {}, events)
    metrics.observe('doors_flight_messages', {}, messages)
    metrics.observe('doors_flight_seconds', {}, ms / 1_000)
  })
  const http = await startHttp(ctx, httpConfig(config), {
    metrics,
    isReady: () => parts.ready,
    mqttServers: () => parts.opened?.servers ?? {},
    problem: () => parts.opened?.problem() ?? null,
  })
  parts.announce = http.announce
  const receive: Inbox['receive'] = message => {
    metrics.add('doors_messages_total', { kind: message.kind })
    return inbox.receive(message)
  }
  const opened = await openBroker(config, ctx, receive).catch(async error => {
    await http.close()
    throw error
  })
  parts.opened = opened
  const setupToken = await makeSetupLink(ctx)
  const jobs = startJobs(ctx, outbox)
  const ways = openWays(config)
  const delivery = startDelivery(ctx, { deliver: outside.deliver ?? ways.deliver, publicUrl: config.publicUrl })
  parts.ready = true
  closers.push(async () => {
    parts.ready = false
    await http.close()
    await jobs.close()
    await delivery.close()
    ways.close()
    await opened.broker.close()
    await inbox.close()
    await outbox.idle()
  })
  // After the #, so that it is in no request and in no log of a proxy.
  const setupUrl = setupToken && `${config.publicUrl ?? http.url}/setup#${setupToken}`
  const { mqttUrl, mqttsUrl } = opened
  return { url: http.url, mqttUrl, mqttsUrl, setupUrl, databaseUrl: address }
}

const httpConfig = (config: Config) => ({
  host: config.host,
  httpPort: config.httpPort,
  adminEmail: config.adminEmail ?? undefined,
  adminPassword: config.adminPassword ?? undefined,
  publicUrl: config.publicUrl ?? undefined,
  trustProxy: config.trustProxy,
})
