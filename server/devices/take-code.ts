import type { UpMessage } from '../../schema/wire/codec.ts'
import type { Refuse } from '../../schema/wire/down.ts'
import { newOrder } from '../domain/orders.ts'
import { add, change } from '../store/held.ts'
import { countTry } from '../store/sessions.ts'
import type { Flight, Read } from './flight.ts'
import { malformed } from './malformed.ts'
import { keypadSubject, type Meant, type Typed } from './typed.ts'

type Code = UpMessage<'code'>
type Why = Pick<Refuse, 'reason'> & Partial<Refuse>

/** A code the device's own list does not know: an order for the door, or why not. The code goes no further than this. */
export function takeCode(flight: Flight, message: Read, typed: Typed | undefined): void {
  const code = message.decoded.ok ? (message.decoded.value as Code) : undefined
  if (!code || (code.code === undefined && code.badge === undefined)) {
    malformed(flight, message, '')
    return
  }
  if (!typed) return
  const { held, controller, after, now } = flight
  // another boot than the one that said it is here: nothing it is told would be obeyed
  if (code.boot !== controller.boot || !controller.online) return
  if (code.up >= controller.up)
    change(held.controllers, controller, { up: code.up, upAt: held.clock, lastHeardAt: now })
  // one ask, one answer
  if (typed.asked) after.device({ order: typed.asked })
  else if (typed.refused) return
  else if (code.code !== undefined && typed.locked) refuse(flight, code, { reason: 'locked' })
  else judge(flight, code, typed.meant)
}

function judge(flight: Flight, code: Code, meant: Meant[]): void {
  let no: Why = { reason: 'unknown' }
  for (const grant of meant) {
    const why = whyNot(flight, grant)
    if (!why) {
      open(flight, grant, code.ask)
      return
    }
    no = why
  }
  refuse(flight, code, no)
}

function refuse({ held, facts, now, controller, answer }: Flight, { ask, keypad, code }: Code, why: Why): void {
  const subject = keypadSubject(controller.id, keypad)
  if (why.reason === 'unknown' && code !== undefined) held.also.push(tx => countTry(tx, subject, now))
  const about = { at: now, receivedAt: now, controllerId: controller.id }
  facts.push({ type: 'ask-refused', ...about, facts: { keypad, reason: why.reason, ask } })
  answer('order', { ask, type: 'refuse', ...why })
}

function whyNot({ now, facts, controller }: Flight, grant: Meant): Why | null {
  const at = now.getTime()
  // `locked` would tell the person that the keypad is
  if (grant.mode === 'locked' || grant.offer === 'retired') return { reason: 'door-out-of-service' }
  if (at < grant.from.getTime()) return { reason: 'early', from: grant.from.getTime() }
  if (at > grant.until.getTime()) return { reason: 'expired', until: grant.until.getTime() }
  const used = grant.usedAt?.getTime()
  if (grant.step !== undefined && grant.step <= (grant.totpStep ?? -1))
    return { reason: 'used', ...(used === undefined ? {} : { usedAt: used }) }
  if (grant.uses !== 1) return null
  if (used !== undefined && at > used + grant.reopenMs) return { reason: 'used', usedAt: used }
  // Reopening ends with any other unlock of that door, what lies in it by then is somebody else's; and with a reboot.
  const since = facts.some(
    ({ type, controllerId, doorId, grantId }) =>
      controllerId === controller.id &&
      (type === 'started' || (type === 'unlocked' && doorId === grant.doorId && grantId !== grant.id)),
  )
  if (used !== undefined && (grant.reopeningOver || since)) return { reason: 'used', usedAt: used }
  // GRANTS-27: a use may be among the events that are not in yet; the person tries again in a moment
  if (controller.doubtfulUntil !== null) return { reason: 'door-out-of-service' }
  return grant.pending ? { reason: 'used' } : null
}

function open(flight: Flight, grant: Meant, ask: string): void {
  const { held, controller, after, facts, now } = flight
  const { id: grantId, doorId, door, parcelId, step } = grant
  if (step !== undefined) held.also.push(tx => tx`update grants set totp_step = ${step} where id = ${grantId}`)
  const { row, fact } = newOrder({ controller, doorId, door, grantId, parcelId, ask }, held.clock, now)
  add(held.orders, row.id, row)
  after.device({ order: { ...row, door } })
  after.changes({ siteId: row.siteId, doors: [doorId], orders: [row.id] })
  facts.push(fact)
}
