import { timingSafeEqual } from 'node:crypto'
import { decodeUp } from '../../schema/wire/codec.ts'
import { checkOf, totpStep } from '../../schema/wire/codes.ts'
import type { Refuse } from '../../schema/wire/down.ts'
import type { KeypadReport } from '../../schema/wire/status.ts'
import type { Context } from '../context.ts'
import { codeKeyOf } from '../domain/controllers.ts'
import { totpOf } from '../domain/grants.ts'
import { makeOrder } from '../domain/orders.ts'
import type { Sql } from '../postgres/connect.ts'
import { type DoorRow, type GrantRow, type OrderRow, update } from '../store/rows.ts'
import { countTry, lockedUntil } from '../store/sessions.ts'
import type { Flight } from './inbox.ts'
import { malformed } from './malformed.ts'

type Found = GrantRow & { door: DoorRow; step?: number }

/** A code the device's own list does not know: an order for the door, or why not. The code goes no further than this. */
export async function takeCode(ctx: Context, flight: Flight, payload: Buffer): Promise<void> {
  const decoded = decodeUp('code', payload)
  if (!decoded.ok || (decoded.value.code === undefined && decoded.value.badge === undefined))
    return malformed(flight, 'code', payload, '')
  const { ask, boot, up, keypad, code, badge } = decoded.value
  const { tx, controller, answer } = flight
  // another boot than the one that said it is here: nothing it is told would be obeyed
  if (boot !== controller.boot || !controller.online) return
  await hear(flight, up)
  const [asked] = await tx<OrderRow[]>`
    select * from orders where controller_id = ${controller.id} and boot = ${boot} and ask = ${ask}`
  if (asked) return flight.after.device({ order: asked.id })
  const subject = `keypad:${controller.id}:${keypad}`
  const refuse = async (reason: Refuse['reason'], more: Partial<Refuse> = {}) => {
    if (await wasRefused(flight, ask)) return
    if (reason === 'unknown' && code !== undefined) await countTry(tx as unknown as Sql, subject, flight.now)
    flight.facts.push({
      ...{ type: 'ask-refused', at: flight.now, receivedAt: flight.now, controllerId: controller.id },
      facts: { keypad, reason, ask },
    })
    answer('order', { ask, type: 'refuse', reason, ...more })
  }
  if (code !== undefined && (await isLocked(tx as unknown as Sql, subject, flight.now))) return refuse('locked')
  const found = await find(ctx, flight, { keypad, code, badge })
  if (found.length === 0) return refuse('unknown')
  let no: { reason: Refuse['reason']; more?: Partial<Refuse> } = { reason: 'unknown' }
  for (const grant of found) {
    const verdict =
      mayOpen(grant, flight.now) ??
      (await reopeningOver(flight, grant)) ??
      inDoubt(flight, grant) ??
      (await isPending(flight, grant))
    if (verdict) no = verdict
    else return open(ctx, flight, grant, ask)
  }
  return refuse(no.reason, no.more)
}

const repeatsWithin = 500

/** The same ask again, delivered twice: neither a second try nor a second answer. It is never far back in the history. */
async function wasRefused({ tx, controller, facts }: Flight, ask: string): Promise<boolean> {
  const now = facts.some(
    each => each.controllerId === controller.id && (each.facts as { ask?: string } | undefined)?.ask === ask,
  )
  if (now) return true
  const rows = await tx`
    select 1 from sites s join history h on h.site_id = s.id and h.n > s.history_n - ${repeatsWithin}
    where s.id = ${controller.siteId} and h.controller_id = ${controller.id} and h.type = 'ask-refused'
      and h.facts ->> 'ask' = ${ask} limit 1`
  return rows.length > 0
}

async function hear({ tx, controller }: Flight, up: number): Promise<void> {
  if (up < controller.up) return
  await tx`update controllers set up = ${up}, up_at = clock_timestamp(), last_heard_at = now() where id = ${controller.id}`
  controller.up = up
}

const isLocked = async (sql: Sql, subject: string, now: Date): Promise<boolean> =>
  ((await lockedUntil(sql, subject))?.getTime() ?? 0) > now.getTime()

type Typed = { keypad: number; code: string | undefined; badge: string | undefined }

async function find(ctx: Context, { tx, controller, now }: Flight, { keypad, code, badge }: Typed): Promise<Found[]> {
  const pads = (controller.keypads ?? []) as KeypadReport[]
  const served = pads.find(each => each.keypad === keypad)?.doors
  const doors = await tx<DoorRow[]>`select * from doors where controller_id = ${controller.id}`
  const mine = doors.filter(door => !served || served.includes(door.door))
  const check = checkOf(await codeKeyOf(ctx, controller), code ?? badge!)
  const grants = await tx<GrantRow[]>`
    select * from grants where controller_id = ${controller.id} and revoked_at is null and door_id = any(${mine.map(each => each.id)}::uuid[])
      and ("check" = ${check} or (means = 'totp' and until > ${now}))
    order by "from", id`
  const found: Found[] = []
  for (const grant of grants) {
    const door = mine.find(each => each.id === grant.doorId)!
    if (grant.means === (code === undefined ? 'badge' : 'code') && grant.check && same(grant.check, check))
      found.push({ ...grant, door })
    if (grant.means !== 'totp' || code === undefined) continue
    const totp = await totpOf(ctx, grant)
    // a burnt step is found too: it is refused as used, and is no wrong try
    const step = totp ? totpStep(totp, code, now.getTime()) : null
    if (step !== null) found.push({ ...grant, door, step })
  }
  return found
}

const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

function mayOpen(grant: Found, now: Date): { reason: Refuse['reason']; more?: Partial<Refuse> } | null {
  const at = now.getTime()
  // `locked` would tell the person that the keypad is
  if (grant.door.mode === 'locked' || grant.door.offer === 'retired') return { reason: 'door-out-of-service' }
  if (at < grant.from.getTime()) return { reason: 'early', more: { from: grant.from.getTime() } }
  if (at > grant.until.getTime()) return { reason: 'expired', more: { until: grant.until.getTime() } }
  const used = grant.usedAt?.getTime()
  if (grant.step !== undefined && grant.step <= (grant.totpStep ?? -1))
    return { reason: 'used', more: used === undefined ? {} : { usedAt: used } }
  if (grant.uses === 1 && used !== undefined && at > used + grant.reopenMs)
    return { reason: 'used', more: { usedAt: used } }
  return null
}

/** Reopening ends with any other unlock of that door: what lies in it by then is somebody else's. And with a reboot. */
async function reopeningOver({ tx, facts }: Flight, { id, uses, usedAt, door }: Found) {
  if (uses !== 1 || usedAt === null) return null
  const others = await tx`
    select 1 from history where site_id = ${door.siteId} and n > (
        select max(n) from history where door_id = ${door.id} and type = 'unlocked' and grant_id = ${id})
      and ((door_id = ${door.id} and type = 'unlocked') or (controller_id = ${door.controllerId} and type = 'started'))
    limit 1`
  const inFlight = facts.some(
    fact => fact.type === 'started' || (fact.type === 'unlocked' && fact.doorId === door.id && fact.grantId !== id),
  )
  return others.length > 0 || inFlight ? { reason: 'used' as const, more: { usedAt: usedAt.getTime() } } : null
}

/** GRANTS-27. A use may be among the events that are not in yet; the person tries again in a moment. */
const inDoubt = ({ controller }: Flight, grant: Found): { reason: 'door-out-of-service' } | null =>
  grant.uses === 1 && controller.doubtfulUntil !== null ? { reason: 'door-out-of-service' } : null

/** The use is booked at `unlocked`; until then an order under way holds the grant. */
async function isPending({ tx }: Flight, grant: Found): Promise<{ reason: 'used' } | null> {
  if (grant.uses !== 1) return null
  const pending = await tx`
    select 1 from orders where grant_id = ${grant.id} and state in ('made', 'sent')
      and deadline_at + interval '2 seconds' > clock_timestamp() limit 1`
  return pending.length > 0 ? { reason: 'used' } : null
}

async function open(ctx: Context, flight: Flight, grant: Found, ask: string): Promise<void> {
  const { tx, controller, after, facts } = flight
  if (grant.step !== undefined) await update(tx, 'grants', grant.id, { totpStep: grant.step })
  const asked = { controller, doorId: grant.doorId, grantId: grant.id, parcelId: grant.parcelId, ask }
  facts.push((await makeOrder(ctx, tx, after, asked)).fact)
}
