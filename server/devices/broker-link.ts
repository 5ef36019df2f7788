import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type IClientOptions, type MqttClient, connect as mqttConnect } from 'mqtt'
import type { BrokerAddress } from '../broker-address.ts'
import type { Log } from '../context.ts'
import { type BrokerProblem, brokerProblem } from './broker-problem.ts'

export type BrokerLink = {
  /** False when the link is down or the broker does not keep up: nothing is queued. True: it is on its way. */
  publish(topic: string, payload: Buffer): boolean
  /** null while everything sent comes back, or one sentence */
  problem(): string | null
  close(): Promise<void>
}
export type Heard = { topic: string; payload: Buffer; retained: boolean }
export type LinkTiming = typeof linkTiming
type Outside = {
  address: BrokerAddress
  ca: Buffer | null
  /** client id of the first connection, the second has `-out` behind it; unlike that of any other client */
  name: string
  filter: string
  hear(message: Heard): void
  log: Log
  timing?: LinkTiming
}

export const linkTiming = { probeEveryMs: 30_000, probeWithinMs: 10_000, retryFirstMs: 1_000, retryMostMs: 30_000 }
const keepaliveSeconds = 30
const connectTimeoutMs = 10_000
const closeWithinMs = 1_000
/** Bytes the broker has not read yet; beyond this it does not keep up. */
const unreadBytes = 1024 * 1024
/** Messages without a PUBACK yet; each is kept by the client until then, and there are 65,535 numbers for them. */
const unackedMost = 10_000

type Pair = { hearing: MqttClient; speaking: MqttClient; unacked: number; probe: string }

/**
 * Two connections that live and die together: one only hears, so that nothing we send waits behind what arrives.
 * Each attempt is a pair of new clients: what the last pair had not sent is gone with it, and the subscription is made
 * anew on every connect (mqtt.js asks for one filter once and stays deaf after a broker that forgot its sessions).
 * The link counts as up only when a probe has come back through the broker, by the same filter as the controllers'
 * messages; a broker that swallows them by a wrong permission, or lost the subscription, is noticed by that.
 */
export function startBrokerLink(outside: Outside): BrokerLink {
  const { address, name, log, timing = linkTiming } = outside
  const probeTopic = outside.filter.replace('+', name).replace('+', 'probe')
  let pair: Pair | null = null
  let up = false
  let problem = brokerProblem('connecting')
  let attempts = 0
  let probes = 0
  let closed = false
  let timer: NodeJS.Timeout | undefined

  function attempt(): void {
    const hearing = mqttConnect(clientOptions(outside, name))
    const speaking = mqttConnect(clientOptions(outside, `${name}-out`))
    const mine: Pair = { hearing, speaking, unacked: 0, probe: '' }
    pair = mine
    let ready = 0
    const oneReady = () => {
      if (++ready === 2) probe(mine)
    }
    for (const client of [hearing, speaking]) {
      let answered = false
      client.on('error', error => fail(mine, brokerProblem('error', error)))
      client.on('close', () => fail(mine, brokerProblem(answered ? 'lost' : 'silent')))
      client.on('connect', () => {
        answered = true
        // without noDelay a round trip takes 44 ms instead of 1.35
        ;(client.stream as Socket).setNoDelay(true)
      })
    }
    hearing.on('message', (topic, payload, packet) => {
      if (mine !== pair) return
      if (topic === probeTopic) return probeHeard(mine, payload.toString())
      // a copy: the parser's slice keeps the whole chunk it was read in
      outside.hear({ topic, payload: Buffer.from(payload), retained: packet.retain })
    })
    hearing.on('connect', () =>
      hearing.subscribe(outside.filter, { qos: 1 }, (error, granted) => {
        if (error)
          return fail(mine, brokerProblem((error as { code?: unknown }).code === 0x80 ? 'subscription' : 'lost'))
        if (granted?.[0]?.qos !== 1) return fail(mine, brokerProblem('qos'))
        oneReady()
      }),
    )
    speaking.on('connect', oneReady)
  }

  function probe(mine: Pair): void {
    if (mine !== pair) return
    mine.probe = String(++probes)
    publish(mine, probeTopic, Buffer.from(mine.probe))
    timer = setTimeout(() => fail(mine, brokerProblem('deaf')), timing.probeWithinMs)
  }

  function probeHeard(mine: Pair, said: string): void {
    if (said !== mine.probe) return
    mine.probe = ''
    clearTimeout(timer)
    timer = setTimeout(probe, timing.probeEveryMs, mine)
    if (up) return
    up = true
    attempts = 0
    log.info({ broker: address.url }, 'the external broker is reached')
  }

  function fail(mine: Pair, why: BrokerProblem): void {
    if (mine !== pair) return
    pair = null
    clearTimeout(timer)
    for (const client of [mine.hearing, mine.speaking]) client.end(true)
    // said once, not at every attempt
    if (up || why.text !== problem.text) log.warn({ broker: address.url, detail: why.detail }, why.text)
    up = false
    problem = why
    const most = Math.min(timing.retryFirstMs * 2 ** Math.min(attempts++, 20), timing.retryMostMs)
    timer = setTimeout(attempt, Math.random() * most)
  }

  function publish(mine: Pair, topic: string, payload: Buffer): boolean {
    const { speaking } = mine
    if (!speaking.connected || speaking.stream.writableLength > unreadBytes || mine.unacked >= unackedMost) return false
    mine.unacked++
    speaking.publish(topic, payload, { qos: 1, retain: false }, () => {
      mine.unacked--
    })
    return true
  }

  attempt()
  return {
    publish: (topic, payload) => up && pair !== null && publish(pair, topic, payload),
    problem: () => (up ? null : problem.text),
    async close() {
      if (closed) return
      closed = true
      const last = pair
      pair = null
      up = false
      problem = brokerProblem('closed')
      clearTimeout(timer)
      if (last) await Promise.all([last.hearing, last.speaking].map(endProperly))
    },
  }
}

function clientOptions({ address, ca }: Outside, clientId: string): IClientOptions {
  const { host, port, tls, username, password } = address
  return {
    protocol: tls ? 'mqtts' : 'mqtt',
    host,
    port,
    clientId,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca ? { ca } : {}),
    clean: true,
    protocolVersion: 4,
    keepalive: keepaliveSeconds,
    reconnectPeriod: 0,
    connectTimeout: connectTimeoutMs,
  }
}

/** With a DISCONNECT, but a broker that does not answer any more is left. */
async function endProperly(client: MqttClient): Promise<void> {
  const late = delay(closeWithinMs, undefined, { ref: false })
  await Promise.race([client.endAsync(!client.connected), late])
  client.stream?.destroy()
}
