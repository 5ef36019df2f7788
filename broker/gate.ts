import { addressKey, isLoopback } from './address.ts'
import { makeBuckets } from './buckets.ts'
import type { Identity } from './options.ts'
import { settings } from './settings.ts'

export type Gate = {
  /** asked before anything is read, before TLS too */
  mayConnect(address: string): boolean
  /** asked before the password is looked up */
  maySignIn(address: string, controllerId: string): boolean
  signedIn(address: string, controllerId: string, identity: Identity): void
}

/**
 * How often somebody may try. Passwords have 256 bits, so nobody guesses one; this keeps strangers, and controllers with
 * an old password, from costing TLS handshakes, look-ups and lines in the log. Hence a foreigner who guesses never
 * stands in the way of the real controller: wrong tries count for the address they come from, and where a controller
 * signed in last it is always asked again.
 */
export function makeGate(now: () => number = Date.now): Gate {
  const { rates } = settings
  const keep = rates.keep
  const connections = makeBuckets({ ...rates.connections, keep, now })
  const wrongOfAddress = makeBuckets({ ...rates.wrongOfAddress, keep, now })
  const wrongOfId = makeBuckets({ ...rates.wrongOfId, keep, now })
  const home = new Map<string, string>()
  const isFree = (address: string) => rates.loopbackIsFree && isLoopback(address)

  function settle(controllerId: string, key: string): void {
    home.delete(controllerId)
    home.set(controllerId, key)
    if (home.size > keep) home.delete(home.keys().next().value!)
  }

  return {
    mayConnect: address => isFree(address) || connections.take(addressKey(address)),
    maySignIn(address, controllerId) {
      const key = addressKey(address)
      if (isFree(address) || home.get(controllerId) === key) return true
      return wrongOfAddress.hasSome(key) && wrongOfId.hasSome(`${controllerId} ${key}`)
    },
    signedIn(address, controllerId, identity) {
      if (isFree(address)) return
      const key = addressKey(address)
      if (identity === 'refused') {
        wrongOfAddress.take(key)
        wrongOfId.take(`${controllerId} ${key}`)
        return
      }
      // it cost nothing: a whole site may come back through one address, again and again
      connections.give(key)
      if (identity === 'ok') settle(controllerId, key)
    },
  }
}
