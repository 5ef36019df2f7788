import type { ConnectPacket } from 'aedes'
import { isControllerId, isOwnFilter, parseUpTopic, type UpKind } from '../schema/wire/topics.ts'
import { settings } from './settings.ts'

type Publish = { topic: string; qos: number; retain: boolean }
export type Problem = { problem: string }

const shown = (topic: string): string => JSON.stringify(topic.slice(0, 200))

/**
 * What a controller may publish: its own `v1/<id>/up/…`, not retained (50,000 retained topics cost 18 ms per SUBSCRIBE)
 * and not QoS 2 (a hook that fails loses the message). QoS 0 is let through: our own ack does the durable part.
 */
export function judgePublish(controllerId: string, packet: Publish): { kind: UpKind } | Problem {
  const topic = parseUpTopic(packet.topic)
  if (topic?.controllerId !== controllerId) return { problem: `topic ${shown(packet.topic)} is not its own` }
  if (packet.retain) return { problem: 'retained' }
  if (packet.qos > 1) return { problem: 'QoS 2' }
  return { kind: topic.kind }
}

/** Exact comparison with the controller's own filters, so `#`, `$SYS/#` and other people's branches need no rule. */
export const maySubscribe = (controllerId: string, filter: string): boolean => isOwnFilter(controllerId, filter)

function judgeWill(controllerId: string, will: Publish): Problem | null {
  const judged = judgePublish(controllerId, will)
  if ('problem' in judged) return { problem: `will: ${judged.problem}` }
  return judged.kind === 'status' ? null : { problem: 'will: only up/status' }
}

/**
 * What can be said of a CONNECT before asking anyone; `returnCode` as in MQTT 3.1.1 §3.2.2.3. `certified` is the name
 * in a client certificate that counts, null when there is none.
 */
export function judgeConnect(
  packet: ConnectPacket,
  certified: string | null,
): (Problem & { returnCode: 2 | 4 | 5 }) | null {
  const { clientId, username, password, clean, keepalive = 0, will } = packet
  // Also the empty one: Aedes would make up a name, and with clean=0 it must be refused [MQTT-3.1.3-8].
  if (!isControllerId(clientId)) return { returnCode: 2, problem: 'client id is no controller id' }
  if (username !== clientId) return { returnCode: 4, problem: 'client id and user name differ' }
  // Even with the right password: one of the two was taken from somewhere else.
  if (certified !== null && certified !== clientId) return { returnCode: 4, problem: 'certificate of another name' }
  if (!password?.length && certified === null) return { returnCode: 4, problem: 'neither password nor certificate' }
  // A kept session queues for an absent device, without cap or age; the contract queues nothing.
  if (!clean) return { returnCode: 5, problem: 'persistent session' }
  // The contract says ≤ 30 s. 31–300 is let in with a warning: whether a controller is online is judged by its status,
  // and 60 s is the default of most client libraries, so a refusal would take doors out of service for little.
  // 0 and more are refused: a link that died without a word would count as connected for minutes or for ever, and
  // someone in front of the door would wait for an order sent into it. It is a constant in the firmware, so the
  // refusal is met on the bench and not in the field.
  if (keepalive === 0 || keepalive > settings.keepaliveMaxSeconds) {
    return { returnCode: 5, problem: `keepalive ${keepalive} s, asked for 1–${settings.keepaliveSeconds}` }
  }
  const problem = will ? judgeWill(clientId, { ...will, qos: will.qos ?? 0, retain: will.retain ?? false }) : null
  return problem ? { returnCode: 5, ...problem } : null
}
