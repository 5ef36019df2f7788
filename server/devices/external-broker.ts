import { randomBytes } from 'node:crypto'
import { fitsDown } from '../../broker/deliver.ts'
import type { Broker } from '../../broker/options.ts'
import { downTopic } from '../../schema/wire/topics.ts'
import type { BrokerAddress } from '../broker-address.ts'
import type { Log } from '../context.ts'
import { type LinkTiming, startBrokerLink } from './broker-link.ts'
import type { Received } from './inbox.ts'
import { makeIntake } from './intake.ts'
import { makeRoster } from './roster.ts'

/** What the server needs of a broker, kept by an ordinary client of somebody else's. */
export type ExternalBroker = Pick<Broker, 'send' | 'disconnect' | 'close'> & {
  /** null while the link is up, or one sentence for people */
  problem(): string | null
}
type Options = {
  address: BrokerAddress
  /** PEM; null: the authorities that Node knows */
  ca: Buffer | null
  receive(message: Received): Promise<void>
  /** ids of the controllers that are enrolled and not retired */
  enrolled(): Promise<string[]>
  log: Log
  timing?: LinkTiming
}

/**
 * Answers at once and goes on trying for ever: a broker that is away does not keep the server from starting. Who may
 * sign in, publish and hear is that broker's to keep; what it hands on is taken for the controller its topic names.
 */
export function startExternalBroker({ address, ca, receive, enrolled, log, timing }: Options): ExternalBroker {
  const roster = makeRoster(enrolled)
  const intake = makeIntake({ receive, roster, log })
  const link = startBrokerLink({
    address,
    ca,
    // several servers may be clients of one broker; `_` so that it is no controller's id
    name: `doors_${randomBytes(6).toString('hex')}`,
    filter: 'v1/+/up/+',
    hear: intake.take,
    log,
    ...(timing ? { timing } : {}),
  })
  return {
    async send(controllerId, kind, payload) {
      if (fitsDown(controllerId, kind, payload)) return link.publish(downTopic(controllerId, kind), payload)
      log.error({ controllerId, kind, bytes: payload.length }, 'message is over 4 KiB and was not sent')
      return false
    },
    /** The connection is not ours to end: what the controller says is ignored until it is found enrolled again. */
    disconnect: roster.forget,
    problem: link.problem,
    async close() {
      intake.close()
      await link.close()
    },
  }
}
