import { type Broker, startBroker } from '../../broker/broker.ts'
import type { TlsFiles } from '../../broker/tls-files.ts'
import { decodeUp, encode } from '../../schema/wire/codec.ts'
import { checkOf } from '../../schema/wire/codes.ts'
import type { ListedGrant, Order } from '../../schema/wire/down.ts'
import type { RawEvent } from '../../schema/wire/events.ts'
import type { Online } from '../../schema/wire/status.ts'
import type { DownKind } from '../../schema/wire/topics.ts'

export const codeKey = '5a'.repeat(32)
export const password = 'ab'.repeat(32)
export const hour = 3600_000

export type SmallServer = {
  mqttUrl: string
  broker: Broker
  events: RawEvent[]
  statuses: Online[]
  offline: number
  /** journals and the last number of each */
  recorded: Map<string, number>
  codes: { ask: string; boot: string; up: number }[]
  silent: boolean
  answer: ((question: { ask: string; boot: string; up: number; code?: string }) => Order | null) | null
  send(id: string, kind: DownKind, message: object): Promise<boolean>
  close(): Promise<void>
}

/** The least a backend must be for a device: welcomes, acks after n comes n+1, and remembers what it heard. */
export async function startSmallServer(port = 0, files?: TlsFiles): Promise<SmallServer> {
  const quiet = { info() {}, warn() {}, error() {}, debug() {} }
  const send: SmallServer['send'] = (id, kind, message) => broker.send(id, kind, encode(message as Order))
  const server = {
    events: [],
    statuses: [],
    offline: 0,
    recorded: new Map(),
    codes: [],
    silent: false,
    answer: null,
  } as unknown as SmallServer
  const broker = await startBroker({
    host: '127.0.0.1',
    port: files ? null : port,
    tls: files ? { port, files } : null,
    log: quiet,
    signIn: async (_id, given) => (given === 'certificate' || given.toString() === password ? 'ok' : 'refused'),
    receive: async ({ controllerId, kind, payload }) => {
      if (server.silent) return
      if (kind === 'status') await welcome(server, controllerId, payload)
      if (kind === 'events') await take(server, controllerId, payload)
      if (kind === 'code') await answer(server, controllerId, payload)
    },
  })
  return Object.assign(server, {
    broker,
    send,
    mqttUrl: files ? `mqtts://127.0.0.1:${broker.tlsPort}` : `mqtt://127.0.0.1:${broker.port}`,
    close: () => broker.close(),
  })
}

async function welcome(server: SmallServer, id: string, payload: Buffer): Promise<void> {
  const status = decodeUp('status', payload)
  if (!status.ok) throw new Error(status.problem)
  if (status.value.state === 'offline') {
    server.offline += 1
    return
  }
  server.statuses.push(status.value)
  const { journal, first, up } = status.value
  if (!server.recorded.has(journal)) server.recorded.set(journal, first - 1)
  const seq = server.recorded.get(journal)!
  await server.send(id, 'welcome', { journal, seq, time: Date.now(), up, beatMs: 60_000 })
}

async function take(server: SmallServer, id: string, payload: Buffer): Promise<void> {
  const message = decodeUp('events', payload)
  if (!message.ok) throw new Error(message.problem)
  const { journal, events } = message.value
  for (const event of events) {
    if (event.seq !== (server.recorded.get(journal) ?? -1) + 1) continue
    server.recorded.set(journal, event.seq)
    server.events.push(event)
  }
  await server.send(id, 'ack', { journal, seq: server.recorded.get(journal) ?? 0 })
}

async function answer(server: SmallServer, id: string, payload: Buffer): Promise<void> {
  const question = decodeUp('code', payload)
  if (!question.ok) throw new Error(question.problem)
  server.codes.push(question.value)
  const order = server.answer?.(question.value as SmallServer['codes'][number])
  if (order) await server.send(id, 'order', order)
}

export const grantOf = (grant: string, code: string, more: Partial<ListedGrant> = {}): ListedGrant => ({
  grant,
  door: 1,
  from: Date.now() - hour,
  until: Date.now() + hour,
  uses: 1,
  check: checkOf(codeKey, code),
  ...more,
})
