import type { Aedes } from 'aedes'
import { limits } from '../schema/wire/limits.ts'
import { type DownKind, downTopic } from '../schema/wire/topics.ts'
import { currentLink, type Link } from './aedes-private.ts'
import { settings } from './settings.ts'

/** The QoS a message to this topic gets: ours is 1, less if the controller subscribed with 0; null = it does not listen. */
function grantedQos(link: Link, controllerId: string, topic: string): 0 | 1 | null {
  const heard = [`v1/${controllerId}/down/+`, `v1/${controllerId}/down/#`, topic].flatMap(
    filter => link.subscriptions[filter] ?? [],
  )
  if (heard.length === 0) return null
  return heard.some(({ qos }) => qos > 0) ? 1 : 0
}

/** Fixed header of 3 bytes at these sizes, topic and message id with 2 bytes each. */
export const fitsDown = (controllerId: string, kind: DownKind, payload: Buffer): boolean =>
  3 + 2 + downTopic(controllerId, kind).length + 2 + payload.length <= limits.packetBytes

/**
 * Writes to the controller's own connection, past the topic tree: nothing is stored, nobody else can be asked to
 * forward it, and one that is absent or does not listen is answered false at once.
 */
export async function deliver(broker: Aedes, controllerId: string, kind: DownKind, payload: Buffer): Promise<boolean> {
  const topic = downTopic(controllerId, kind)
  const link = currentLink(broker, controllerId)
  const qos = link && grantedQos(link, controllerId, topic)
  if (!link || qos === null) return false
  if (link.conn.writableLength > settings.unreadBytes) return false
  return new Promise(resolve => {
    const timer = setTimeout(resolve, settings.drainTimeoutMs, false)
    // Aedes writes in the next immediate; with the PUBACK of what is answered, given by then, it is one call of the kernel
    link.conn.cork()
    // called when the bytes are with the kernel, or when the controller was cut because it does not read
    link.publish({ cmd: 'publish', topic, payload, qos, retain: false, dup: false }, () => {
      clearTimeout(timer)
      resolve(!link.closed)
    })
    setImmediate(() => link.conn.uncork())
  })
}
