import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Aedes, type Client } from 'aedes'
import { currentLink, keepTakeOversApart, limitPackets } from './aedes-private.ts'
import { deliver, fitsDown } from './deliver.ts'
import { makeHooks } from './hooks.ts'
import { makeLanes } from './lanes.ts'
import { listenTcp } from './listen.ts'
import type { Broker, BrokerOptions } from './options.ts'
import { settings } from './settings.ts'

export type { Broker, BrokerOptions, Identity, Refused } from './options.ts'

export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { log } = options
  const lanes = makeLanes(settings.pendingPerController)
  const open = new Set<Client>()
  const addresses = new WeakMap<object, string>()
  const state = { closing: false }
  const addressOf = (client: Client) => addresses.get(client.conn) ?? 'unknown'
  const hooks = makeHooks({ options, lanes, addressOf, isClosing: () => state.closing })

  const aedes = await Aedes.createBroker({
    ...settings.aedes,
    drainTimeout: settings.drainTimeoutMs,
    connectTimeout: settings.connectTimeoutMs,
    preConnect: hooks.preConnect,
    authenticate: hooks.authenticate,
    authorizePublish: hooks.authorizePublish,
    authorizeSubscribe: hooks.authorizeSubscribe,
  })
  keepTakeOversApart(aedes)
  logEvents(aedes, log, addressOf)

  function accept(socket: Socket): void {
    if (state.closing) return void socket.destroy()
    addresses.set(socket, socket.remoteAddress ?? 'unknown')
    const client = aedes.handle(socket)
    const limitOf = ({ connackSent }: { connackSent: boolean }) =>
      connackSent ? settings.packetBytes : settings.packetBytesBeforeConnack
    limitPackets(client, limitOf, bytes => hooks.refuse(client, 'packet-size', `packet of ${bytes} bytes`))
    open.add(client)
    socket.once('close', () => open.delete(client))
  }

  const listener = await listenTcp({ host: options.host, port: options.port, accept, log }).catch(error => {
    aedes.close()
    throw error
  })

  async function close(): Promise<void> {
    state.closing = true
    const released = listener.close()
    await new Promise<void>(resolve => aedes.close(resolve))
    // those that had not signed in yet; Aedes closes only the others
    for (const client of open) client.conn.destroy()
    await released
    const late = delay(settings.closeTimeoutMs, 'late' as const, { ref: false })
    if ((await Promise.race([lanes.idle(), late])) === 'late') log.warn({}, 'messages are still being received')
  }
  let closed: Promise<void> | undefined

  return {
    port: listener.port,
    async send(controllerId, kind, payload) {
      if (fitsDown(controllerId, kind, payload)) return deliver(aedes, controllerId, kind, payload)
      log.error({ controllerId, kind, bytes: payload.length }, 'message is over 4 KiB and was not sent')
      return false
    },
    disconnect(controllerId) {
      for (const client of open) if (client.id === controllerId) client.close()
    },
    isConnected: controllerId => currentLink(aedes, controllerId) !== null,
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

function logEvents(aedes: Aedes, log: BrokerOptions['log'], addressOf: (client: Client) => string): void {
  const about = (client: Client) => ({ controllerId: client.id, address: addressOf(client) })
  aedes.on('client', client => log.info(about(client), 'controller connected'))
  aedes.on('clientDisconnect', client => log.info(about(client), 'controller disconnected'))
  aedes.on('clientError', (client, error) => log.info({ ...about(client), reason: error.message }, 'connection ended'))
  aedes.on('connectionError', (client, error) =>
    log.info({ ...about(client), reason: error.message }, 'connection ended before sign-in'),
  )
  // An 'error' without a listener would end the process.
  const emitter: NodeJS.EventEmitter = aedes
  emitter.on('error', error => log.error({ err: error }, 'broker'))
}
