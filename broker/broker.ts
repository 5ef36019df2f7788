import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Aedes, type Client } from 'aedes'
import { currentLink, keepTakeOversApart, makePacketLimit } from './aedes-private.ts'
import { deliver, fitsDown } from './deliver.ts'
import { makeGate } from './gate.ts'
import { makeHooks } from './hooks.ts'
import { noStore, noTopicTree } from './keeps-nothing.ts'
import { makeLanes } from './lanes.ts'
import { type Listener, listenTcp } from './listen.ts'
import { listenTls } from './listen-tls.ts'
import type { Broker, BrokerOptions } from './options.ts'
import { settings } from './settings.ts'
import { makeTally, type Tally } from './tally.ts'

export type { Broker, BrokerOptions, Identity, Refused } from './options.ts'

export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { log } = options
  const lanes = makeLanes(settings.pendingPerController)
  const open = new Map<Socket, Client>()
  const addresses = new WeakMap<object, string>()
  const state = { closing: false }
  const addressOf = (client: Client) => addresses.get(client.conn) ?? 'unknown'
  const gate = makeGate()
  const tally = makeTally({
    log,
    everyMs: settings.logSummaryMs,
    linesEach: settings.logLinesEach,
    keep: settings.rates.keep,
  })
  const hooks = makeHooks({ options, lanes, gate, tally, addressOf, isClosing: () => state.closing })

  const aedes = await Aedes.createBroker({
    ...settings.aedes,
    mq: noTopicTree,
    persistence: noStore,
    drainTimeout: settings.drainTimeoutMs,
    connectTimeout: settings.connectTimeoutMs,
    preConnect: hooks.preConnect,
    authenticate: hooks.authenticate,
    authorizePublish: hooks.authorizePublish,
    authorizeSubscribe: hooks.authorizeSubscribe,
  })
  keepTakeOversApart(aedes)
  logEvents(aedes, { log, tally, addressOf })

  const limitPackets = makePacketLimit({
    of: ({ connackSent }) => (connackSent ? settings.packetBytes : settings.packetBytesBeforeConnack),
    exceeded: (client, bytes) => hooks.refuse(client, 'packet-size', `packet of ${bytes} bytes`),
  })
  function forget(this: Socket): void {
    open.delete(this)
  }

  function accept(socket: Socket): void {
    if (state.closing) return void socket.destroy()
    addresses.set(socket, socket.remoteAddress ?? 'unknown')
    const client = aedes.handle(socket)
    limitPackets(client)
    open.set(socket, client)
    socket.on('close', forget)
  }

  function admit(address: string): boolean {
    if (gate.mayConnect(address)) return true
    tally.count(address, 'connection too often')
    return false
  }

  const listeners: Listener[] = []
  const { host, port, tls } = options
  const plain = { host, admit, accept, log }
  const failed = (address: string, problem: string) =>
    tally.say({ level: 'info', about: { address, action: 'tls', problem }, message: 'TLS was not agreed on' })
  try {
    if (port !== null) listeners.push(await listenTcp({ ...plain, port }))
    if (tls) listeners.push(await listenTls({ ...plain, ...tls, failed }))
  } catch (error) {
    aedes.close()
    for (const listener of listeners) listener.close()
    throw error
  }

  async function close(): Promise<void> {
    state.closing = true
    const released = listeners.map(listener => listener.close())
    await new Promise<void>(resolve => aedes.close(resolve))
    // those that had not signed in yet, or not even agreed on TLS; Aedes closes only the others
    for (const listener of listeners) listener.drop()
    await Promise.all(released)
    tally.close()
    const late = delay(settings.closeTimeoutMs, 'late' as const, { ref: false })
    if ((await Promise.race([lanes.idle(), late])) === 'late') log.warn({}, 'messages are still being received')
  }
  let closed: Promise<void> | undefined

  return {
    port: port === null ? 0 : listeners[0]!.port,
    tlsPort: tls ? listeners.at(-1)!.port : 0,
    async send(controllerId, kind, payload) {
      if (fitsDown(controllerId, kind, payload)) return deliver(aedes, controllerId, kind, payload)
      log.error({ controllerId, kind, bytes: payload.length }, 'message is over 4 KiB and was not sent')
      return false
    },
    disconnect(controllerId) {
      for (const client of open.values()) if (client.id === controllerId) client.close()
    },
    isConnected: controllerId => currentLink(aedes, controllerId) !== null,
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

type Told = { log: BrokerOptions['log']; tally: Tally; addressOf(client: Client): string }

function logEvents(aedes: Aedes, { log, tally, addressOf }: Told): void {
  const about = (client: Client) => ({ controllerId: client.id, address: addressOf(client) })
  aedes.on('client', client => log.info(about(client), 'controller connected'))
  aedes.on('clientDisconnect', client => log.info(about(client), 'controller disconnected'))
  aedes.on('clientError', (client, error) => log.info({ ...about(client), reason: error.message }, 'connection ended'))
  aedes.on('connectionError', (client, error) => {
    const what = { ...about(client), action: 'ended before sign-in', reason: error.message }
    tally.say({ level: 'info', about: what, message: 'connection ended before sign-in' })
  })
  // An 'error' without a listener would end the process.
  const emitter: NodeJS.EventEmitter = aedes
  emitter.on('error', error => log.error({ err: error }, 'broker'))
}
