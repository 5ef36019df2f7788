import type { TLSSocket } from 'node:tls'
import { connect, type IClientOptions, MqttClient } from 'mqtt'
import { parseDownTopic, type UpKind, upTopic } from '../schema/wire/topics.ts'
import { type Fault, takeFault } from './faults.ts'
import { reconnectWait } from './reconnect.ts'
import { openSecure, type TlsParts } from './tls.ts'

export type Link = {
  publish(kind: UpKind, message: Record<string, unknown>): void
  cut(): void
  restore(): void
  isCut(): boolean
  /** says nothing to the broker, like a pulled plug */
  drop(): void
  /** ends the session properly, after what was published has been taken */
  end(): Promise<void>
}
type Outside = {
  id: string
  /** empty: its certificate says who it is */
  password: string
  mqttUrl: string
  tls?: TlsParts
  /** without a time the dates of the server's certificate are not looked at */
  hasTime: () => boolean
  faults: Fault[]
  random: () => number
  /** the will must name the link and boot of its own connection */
  newLink: () => { link: string; boot: string }
  onConnected: (link: string) => void
  onDisconnected: () => void
  onMessage: (topic: string, payload: Uint8Array, retained: boolean) => void
}

/** Keeps one MQTT session at a time; every attempt is a new client, so nothing old is ever sent late. */
export function startLink(outside: Outside): Link {
  let client: MqttClient | null = null
  let opening: TLSSocket | null = null
  let timer: NodeJS.Timeout | undefined
  let cut = false
  let ended = false
  let attempts = 0
  const heldBack: Record<string, (() => void) | undefined> = {}

  const attempt = () => {
    const url = new URL(outside.mqttUrl)
    if (url.protocol !== 'mqtts:') return begin(options => connect(outside.mqttUrl, options))
    opening = openSecure({
      url,
      tls: outside.tls,
      checkDates: outside.hasTime(),
      onProven(socket) {
        opening = null
        begin(options => new MqttClient(() => socket, options))
      },
      onFailed() {
        opening = null
        lost()
      },
    })
  }

  const begin = (open: (options: IClientOptions) => MqttClient) => {
    const { link, boot } = outside.newLink()
    const { id, password } = outside
    const mine = open({
      clientId: id,
      username: id,
      ...(password === '' ? {} : { password }),
      clean: true,
      keepalive: 30,
      reconnectPeriod: 0,
      connectTimeout: 10_000,
      protocolVersion: 4,
      will: {
        topic: upTopic(id, 'status'),
        payload: Buffer.from(JSON.stringify({ state: 'offline', link, boot })),
        qos: 1,
        retain: false,
      },
    })
    client = mine
    mine.on('error', () => mine.end(true))
    mine.on('connect', () => subscribe(mine, link))
    mine.on('message', (topic, payload, packet) => {
      if (mine === client) arrive(mine, topic, payload, packet.retain)
    })
    mine.on('close', () => mine === client && lost())
  }

  const subscribe = (mine: MqttClient, link: string) => {
    mine.subscribe(`v1/${outside.id}/down/+`, { qos: 1 }, error => {
      if (mine !== client) return
      if (error) return void mine.end(true)
      attempts = 0
      outside.onConnected(link)
    })
  }

  const lost = () => {
    client = null
    outside.onDisconnected()
    if (ended || cut) return
    timer = setTimeout(attempt, reconnectWait(attempts++, outside.random()))
  }

  /** Sends a message through the weather: lost, late, twice, or after the next one. */
  const weather = (way: 'up' | 'down', kind: string, deliver: () => void) => {
    const where = { way, kind }
    if (takeFault(outside.faults, 'drop', where)) return
    const late = takeFault(outside.faults, 'delay', where)
    if (late) return void setTimeout(deliver, late.ms)
    if (!heldBack[way] && takeFault(outside.faults, 'swap', where)) {
      heldBack[way] = deliver
      return
    }
    deliver()
    if (takeFault(outside.faults, 'double', where)) deliver()
    const waiting = heldBack[way]
    delete heldBack[way]
    waiting?.()
  }

  const arrive = (mine: MqttClient, topic: string, payload: Uint8Array, retained: boolean) => {
    const kind = parseDownTopic(topic)?.kind ?? 'other'
    weather('down', kind, () => {
      const marked = takeFault(outside.faults, 'retain', { way: 'down', kind }) !== null
      if (mine === client) outside.onMessage(topic, payload, retained || marked)
    })
  }

  const drop = () => {
    clearTimeout(timer)
    opening?.destroy()
    opening = null
    const mine = client
    client = null
    mine?.end(true)
    mine?.stream?.destroy()
  }

  attempt()
  return {
    publish(kind, message) {
      const mine = client
      weather('up', kind, () => {
        if (mine && mine === client) mine.publish(upTopic(outside.id, kind), JSON.stringify(message), { qos: 1 })
      })
    },
    cut() {
      if (cut) return
      cut = true
      drop()
      outside.onDisconnected()
    },
    restore() {
      if (!cut || ended) return
      cut = false
      attempts = 0
      attempt()
    },
    isCut: () => cut,
    drop() {
      ended = true
      drop()
    },
    async end() {
      ended = true
      clearTimeout(timer)
      opening?.destroy()
      const mine = client
      client = null
      if (mine) await endProperly(mine)
    },
  }
}

/** Not for ever: a broker that does not answer any more is left after a second. */
const endProperly = (client: MqttClient): Promise<void> =>
  new Promise(done => {
    const timer = setTimeout(() => client.end(true, () => done()), 1000)
    client.end(!client.connected, () => {
      clearTimeout(timer)
      done()
    })
  })
