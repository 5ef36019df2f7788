import type { AedesOptions, Client } from 'aedes'
import { isControllerId, type UpKind } from '../schema/wire/topics.ts'
import { isWill, type Link } from './aedes-private.ts'
import { certifiedName } from './certificate.ts'
import type { Gate } from './gate.ts'
import type { Lanes } from './lanes.ts'
import type { BrokerOptions, Identity, Refused } from './options.ts'
import { judgeConnect, judgePublish, maySubscribe } from './permissions.ts'
import { settings } from './settings.ts'
import type { Tally } from './tally.ts'

type Outside = {
  options: BrokerOptions
  lanes: Lanes
  gate: Gate
  tally: Tally
  addressOf(client: Client): string
  isClosing(): boolean
}
type Hooks = Required<Pick<AedesOptions, 'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe'>> & {
  refuse(client: Client, action: Refused['action'], detail: string, controllerId?: string): void
}

/**
 * What Aedes asks of us. Nothing in here may throw: an exception in a hook is an uncaught exception of the process.
 * So all that is handed in from outside is called inside a try, and so is the way back into Aedes after a wait.
 */
export function makeHooks({ options, lanes, gate, tally, addressOf, isClosing }: Outside): Hooks {
  const { log } = options

  const refuse: Hooks['refuse'] = (client, action, detail, controllerId = client.id) => {
    const id = controllerId && isControllerId(controllerId) ? controllerId : null
    const what = { controllerId: id, address: addressOf(client), action, detail }
    tally.say({ level: 'warn', about: what, message: 'refused' })
    try {
      options.refused?.(what)
    } catch (error) {
      log.error({ err: error }, 'refused() failed')
    }
  }

  /** Going on in Aedes after a wait: what it throws there would reach nobody. */
  function safely(client: Client, goOn: () => void): void {
    try {
      goOn()
    } catch (error) {
      log.error({ err: error, controllerId: client.id }, 'broker')
      client.close()
    }
  }

  async function identify(controllerId: string, proof: Buffer | 'certificate'): Promise<Identity> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Identity>(resolve => {
      timer = setTimeout(resolve, settings.signInTimeoutMs, 'unavailable')
    })
    try {
      return await Promise.race([options.signIn(controllerId, proof), late])
    } catch (error) {
      log.error({ err: error, controllerId }, 'sign-in failed')
      return 'unavailable'
    } finally {
      clearTimeout(timer)
    }
  }

  async function receive(message: { controllerId: string; kind: UpKind; payload: Buffer; will: boolean }) {
    try {
      await options.receive(message)
    } catch (error) {
      log.error({ err: error, controllerId: message.controllerId, kind: message.kind }, 'receiving a message failed')
    }
  }

  return {
    refuse,

    preConnect(client, packet, callback) {
      // Other versions of the protocol are answered by Aedes itself, with return code 1.
      const known = packet.protocolVersion === 3 || packet.protocolVersion === 4
      const problem = known ? judgeConnect(packet, certifiedName(client.conn)) : null
      if (!problem) {
        const keepalive = packet.keepalive ?? 0
        if (known && keepalive > settings.keepaliveSeconds) {
          const about = { controllerId: packet.clientId, address: addressOf(client), action: 'keepalive', keepalive }
          tally.say({ level: 'warn', about, message: 'keepalive is longer than the contract allows' })
        }
        return callback(null, true)
      }
      refuse(client, 'sign-in', problem.problem, packet.clientId)
      // Aedes would hang up without a word. CONNACK, §3.2: two bytes follow, no session, the return code.
      client.conn.write(Buffer.from([0x20, 2, 0, problem.returnCode]))
      callback(new Error(problem.problem), false)
    },

    authenticate(client, _username, password, done) {
      const controllerId = client.id
      const address = addressOf(client)
      // §3.2.2.3: 3 server unavailable, 4 bad user name or password
      const answer = (problem: string, returnCode: 3 | 4) =>
        safely(client, () => done(Object.assign(new Error(problem), { returnCode }), false))
      if (!gate.maySignIn(address, controllerId)) {
        tally.count(address, 'sign-in too often')
        return answer('sign-in too often', 3)
      }
      // preConnect let it through without a password only because of its certificate
      identify(controllerId, password?.length ? Buffer.from(password) : 'certificate').then(identity => {
        gate.signedIn(address, controllerId, identity)
        if (identity === 'ok') return safely(client, () => done(null, true))
        if (identity === 'refused') refuse(client, 'sign-in', 'wrong password or unknown')
        answer(`sign-in ${identity}`, identity === 'unavailable' ? 3 : 4)
      })
    },

    authorizeSubscribe(client, subscription, callback) {
      if (maySubscribe(client.id, subscription.topic)) return callback(null, subscription)
      refuse(client, 'subscribe', `filter ${JSON.stringify(subscription.topic.slice(0, 200))} is not its own`)
      callback(null, null)
    },

    authorizePublish(client, packet, callback) {
      // Aedes publishes every will when it closes; that the server stops is no news of a controller.
      if (isClosing()) return callback(new Error('closing'))
      // Of a stored will, and none is stored.
      if (!client) return callback(null)
      const judged = judgePublish(client.id, packet)
      if ('problem' in judged) {
        refuse(client, 'publish', judged.problem)
        return callback(new Error(judged.problem))
      }
      const will = isWill(client as Link, packet)
      const message = { controllerId: client.id, kind: judged.kind, payload: Buffer.from(packet.payload), will }
      // Not acknowledged and its connection gone: the controller sends it again. A will comes after the end by nature.
      const dropped = () => isClosing() || (client.closed && !will)
      lanes.enter(client.id, {
        work: async () => (dropped() ? undefined : receive(message)),
        done: () => {
          if (!dropped()) safely(client, () => callback(null))
        },
      })
    },
  }
}
