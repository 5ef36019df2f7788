import { parseUpTopic } from '../../schema/wire/topics.ts'
import type { Log } from '../context.ts'
import type { Heard } from './broker-link.ts'
import type { Received } from './inbox.ts'
import type { Roster } from './roster.ts'

type Outside = { receive(message: Received): Promise<void>; roster: Roster; log: Log }
type Reason = 'foreign topic' | 'not enrolled' | 'retained' | 'too large' | 'too many' | 'database'

/** As with the embedded broker: somewhat over the contract's 4 KiB is handed on and judged as a message. */
const payloadBytes = 64 * 1024
/** The contract has one `events` under way, a status and a code. */
const pendingPerController = 20
/** Of all controllers together; what a message costs besides its bytes is in it. */
const pendingBytes = 64 * 1024 * 1024
const messageCost = 512
const sayEveryMs = 60_000

/**
 * What an external broker hands on was judged by nobody of ours. PUBACK has been given already, so there is no
 * holding back: what is over the bounds is dropped. Nothing is lost by that, as only our own ack lets a controller
 * forget its events; it sends them again after 10 s.
 */
export function makeIntake({ receive, roster, log }: Outside): { take(heard: Heard): void; close(): void } {
  const pending = new Map<string, number>()
  const ignored = makeTally(log)
  let bytes = 0
  let closed = false

  async function pass(message: Received): Promise<void> {
    const enrolled = await roster.has(message.controllerId).catch(() => null)
    if (closed) return
    if (enrolled) return receive(message)
    ignored.add(enrolled === null ? 'database' : 'not enrolled', message.controllerId)
  }

  return {
    take({ topic, payload, retained }) {
      const up = parseUpTopic(topic)
      if (!up) return ignored.add('foreign topic', topic.slice(0, 100))
      const { controllerId, kind } = up
      // old by nature; the flag is set only on what the broker had kept from before we subscribed [MQTT-3.3.1-8]
      if (retained) return ignored.add('retained', controllerId)
      if (payload.length > payloadBytes) return ignored.add('too large', controllerId)
      const count = pending.get(controllerId) ?? 0
      const cost = payload.length + messageCost
      if (count >= pendingPerController || bytes + cost > pendingBytes) return ignored.add('too many', controllerId)
      pending.set(controllerId, count + 1)
      bytes += cost
      const done = () => {
        bytes -= cost
        const left = pending.get(controllerId)! - 1
        if (left > 0) pending.set(controllerId, left)
        else pending.delete(controllerId)
      }
      pass({ controllerId, kind, payload, will: false })
        .catch(error => log.error({ problem: String(error), controllerId, kind }, 'receiving a message failed'))
        .finally(done)
    },
    close() {
      closed = true
      ignored.close()
    },
  }
}

/** Counts what is ignored; says it at the first one and then at most once in a minute. */
function makeTally(log: Log) {
  let counts: Partial<Record<Reason, number>> = {}
  let example = ''
  let timer: NodeJS.Timeout | undefined

  function say(): void {
    timer = undefined
    if (example === '') return
    log.warn({ ...counts, example }, 'messages from the external broker were ignored')
    counts = {}
    example = ''
    timer = setTimeout(say, sayEveryMs)
    timer.unref()
  }

  return {
    add(reason: Reason, about: string) {
      counts[reason] = (counts[reason] ?? 0) + 1
      example = `${reason}: ${about}`
      if (!timer) say()
    },
    close: () => clearTimeout(timer),
  }
}
