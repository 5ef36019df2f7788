import { randomInt } from 'node:crypto'
import { limits } from '../../schema/wire/limits.ts'
import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { boxesOf } from '../store/boxes.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { allRefused } from '../store/orders.ts'
import { receiverAt } from '../store/residents.ts'
import {
  type ControllerRow,
  type DoorRow,
  doorById,
  insert,
  lockController,
  type ParcelRow,
  parcelById,
  update,
} from '../store/rows.ts'
import { siteRules } from '../store/sites.ts'
import { freeCounts, pickDoor, type Size } from './allocation.ts'
import { calendarOf, deadlineAfter, nextReminder, opensAfterMs } from './deadlines.ts'
import { addGrant } from './grants.ts'
import { newId } from './ids.ts'
import { addNote } from './note.ts'
import { noticeOf, notify } from './notices.ts'
import { addOneUse, makeOrder } from './orders.ts'
import { type Outcome, type ParcelEvent, parcelStep } from './parcel-rules.ts'

export const clocksDifferMs = 60_000

export type NewParcel = {
  controllerId: string
  residentId?: string | undefined
  flat?: string | undefined
  size: Size
  carrierId?: string | undefined
  carrier?: string | undefined
  tracking?: string | undefined
  siteId?: string | undefined
  actorId?: string | undefined
}
export type ParcelNow = { id: string; receipt: string; state: ParcelRow['state']; doorId: string; door: number }
export type Placing = { id: string; receipt: string; doorId: string; door: number; orderId: string; state: 'placing' }

const newReceipt = (): string => {
  const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
  return Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join('')
}

/** Reserves a box and orders its door open; who asks at the same time gets another one. */
export async function placeParcel(ctx: Context, input: NewParcel): Promise<Placing> {
  return write(ctx, async (tx, after) => {
    const controller = await lockController(tx, input.controllerId)
    if (controller.retiredAt || !controller.online) throw new Refusal('not-reachable')
    const resident = await residentFor(tx, controller.siteId, input)
    const id = newId()
    const receipt = newReceipt()
    const wish = { size: input.size, low: resident.needsLowDoor }
    const actorId = input.actorId ?? input.carrierId ?? null
    const box = await reserve(ctx, tx, after, { controller, parcelId: id, wish, actorId })
    await insert(tx, 'parcels', {
      id,
      siteId: controller.siteId,
      doorId: box.doorId,
      residentId: resident.id,
      carrierId: input.carrierId ?? null,
      receipt,
      carrier: input.carrier ?? null,
      tracking: input.tracking ?? null,
      size: input.size,
      state: 'placing',
      offerBefore: box.offerBefore,
      placingGrantId: box.grantId,
      madeAt: ctx.now(),
    })
    await appendHistory(tx, controller.siteId, [
      stateFact({ id, doorId: box.doorId, state: 'placing' }, ctx.now(), actorId),
      box.fact,
    ])
    after.changes({ siteId: controller.siteId, parcels: [id] })
    return { id, receipt, doorId: box.doorId, door: box.door, orderId: box.orderId, state: 'placing' }
  })
}

async function residentFor(tx: Tx, siteId: string, input: NewParcel) {
  const resident = await receiverAt(tx, siteId, input)
  if (!resident) throw new Refusal('not-found', { field: input.residentId ? 'residentId' : 'flat' })
  return resident
}

type Wish = { controller: ControllerRow; parcelId: string; wish: { size: Size; low: boolean }; actorId: string | null }

async function reserve(ctx: Context, tx: Tx, after: After, { controller, parcelId, wish, actorId }: Wish) {
  // what was laid into it since the restored copy was made is in the events that are not in yet
  if (controller.doubtfulUntil !== null) throw new Refusal('doubtful')
  const boxes = await boxesOf(tx, controller.id)
  const box = pickDoor(boxes, wish)
  if (!box) throw new Refusal('none-free', { details: { free: freeCounts(boxes) } })
  await update(tx, 'doors', box.id, { offer: 'reserved', since: ctx.now() })
  const grantId = await addOneUse(ctx, tx, { controller, doorId: box.id, purpose: 'placing', parcelId })
  const asked = { controller, doorId: box.id, door: box.door, grantId, parcelId, madeBy: actorId }
  const order = await makeOrder(ctx, tx, after, asked)
  const offerBefore = box.offer as 'free' | 'unchecked'
  return { doorId: box.id, door: box.door, grantId, orderId: order.id, fact: order.fact, offerBefore }
}

export const stateFact = (
  parcel: { id: string; doorId: string; state: string },
  at: Date,
  actorId: string | null,
): Fact => ({
  type: `parcel-${parcel.state}`,
  at,
  receivedAt: at,
  parcelId: parcel.id,
  doorId: parcel.doorId,
  actorId,
})

export type HeldParcel = { controller: ControllerRow; parcel: ParcelRow; door: DoorRow }

/** Locks the controller, then reads the parcel: what it was before the lock may have changed. */
export async function holdParcel(tx: Tx, id: string): Promise<HeldParcel> {
  for (;;) {
    const seen = await doorById(tx, (await parcelById(tx, id)).doorId)
    const controller = await lockController(tx, seen.controllerId)
    const parcel = await parcelById(tx, id)
    const door = await doorById(tx, parcel.doorId)
    if (door.controllerId === controller.id) return { controller, parcel, door }
  }
}

/** Writes what the rules said; the history of it is handed back, to be appended last. */
export async function applyOutcome(
  ctx: Context,
  tx: Tx,
  after: After,
  held: HeldParcel,
  outcome: Outcome,
): Promise<Fact[]> {
  const { parcel, door } = held
  await update(tx, 'parcels', parcel.id, outcome.parcel)
  if (outcome.offer && outcome.offer !== door.offer)
    await update(tx, 'doors', door.id, { offer: outcome.offer, since: ctx.now() })
  after.changes({ siteId: parcel.siteId, doors: [door.id], parcels: [parcel.id] })
  const { state } = outcome.parcel
  const kind = state && noticeOf(parcel.state, state)
  if (kind)
    await notify(tx, ctx, { kind, residentId: parcel.residentId, parcelId: parcel.id, number: ctx.now().getTime() })
  return state && state !== parcel.state ? [stateFact({ ...parcel, state }, ctx.now(), null)] : []
}

async function happen(ctx: Context, id: string, event: ParcelEvent): Promise<ParcelNow> {
  return write(ctx, async (tx, after) => {
    const held = await holdParcel(tx, id)
    if (event.type === 'cancel') event = { ...event, orderOver: await allRefused(tx, held.parcel.placingGrantId) }
    const outcome = parcelStep(held.parcel, held.door, event, ctx.now())
    const facts = await applyOutcome(ctx, tx, after, held, outcome)
    if (outcome.parcel.state === 'waiting' || (event.type === 'deposited' && outcome.parcel.state === 'contested'))
      facts.push(await givePickup(ctx, tx, after, held))
    await appendHistory(tx, held.parcel.siteId, facts)
    if (outcome.refused) return new Refusal(outcome.refused)
    const { parcel, door } = held
    return {
      id,
      receipt: parcel.receipt,
      state: outcome.parcel.state ?? parcel.state,
      doorId: door.id,
      door: door.door,
    }
  })
}

/** The code: it lasts until the deadline + 30 days, because a deadline is not a lock. */
export async function givePickup(
  ctx: Context,
  tx: Tx,
  after: After,
  { controller, parcel }: HeldParcel,
): Promise<Fact> {
  const now = ctx.now()
  const rules = await siteRules(tx, parcel.siteId)
  const deadlineAt = deadlineAfter(now, rules.deadlineDays, calendarOf(rules))
  const listed = { doorId: parcel.doorId, parcelId: parcel.id, purpose: 'pickup', means: 'code', uses: 1 } as const
  // a device's clock may lag by some seconds, and without one it trusts only what was past at its last known time
  const from = new Date(now.getTime() - clocksDifferMs)
  const lasting = { from, until: new Date(deadlineAt.getTime() + opensAfterMs), reopenMs: limits.reopenMs }
  const { id, fact } = await addGrant(ctx, tx, after, controller, { ...listed, ...lasting })
  const remindAt = nextReminder(deadlineAt, rules.timeZone, now)?.at ?? null
  await update(tx, 'parcels', parcel.id, { pickupGrantId: id, deadlineAt, remindAt })
  return fact
}

export const parcelPlaced = (ctx: Context, id: string) => happen(ctx, id, { type: 'deposited' })
export const cancelParcel = (ctx: Context, id: string) => happen(ctx, id, { type: 'cancel', orderOver: false })

/** Another box for the same parcel. With none free the deposit ends here, and the box it had is still looked after. */
export async function swapParcel(
  ctx: Context,
  id: string,
  input: { size: Size; found?: 'empty' | 'something' | undefined },
): Promise<Placing> {
  return write(ctx, async (tx, after): Promise<Placing | Refusal> => {
    const held = await holdParcel(tx, id)
    const { parcel, door, controller } = held
    if (parcel.state !== 'placing') throw new Refusal('not-placing')
    if (!controller.online) throw new Refusal('not-reachable')
    const over = await allRefused(tx, parcel.placingGrantId)
    const left = parcelStep(parcel, door, { type: 'cancel', orderOver: over && input.found !== 'something' }, ctx.now())
    const says = input.found === 'empty' && parcel.step === 'closed' && !door.occupied ? 'unchecked' : left.offer!
    await update(tx, 'doors', door.id, { offer: says, since: ctx.now() })
    const facts: Fact[] = [
      {
        ...stateFact({ ...parcel, state: 'swap' }, ctx.now(), parcel.carrierId),
        facts: { found: input.found ?? null, offer: says },
      },
    ]
    const receiver = await receiverAt(tx, parcel.siteId, { residentId: parcel.residentId })
    const wish = { size: input.size, low: receiver?.needsLowDoor ?? false }
    // the box just left is not offered again to the same courier
    const boxes = (await boxesOf(tx, controller.id)).filter(box => box.id !== door.id)
    after.changes({ siteId: parcel.siteId, doors: [door.id], parcels: [id] })
    if (!pickDoor(boxes, wish)) {
      await update(tx, 'parcels', id, { state: 'cancelled', endedAt: ctx.now() })
      await appendHistory(tx, parcel.siteId, [
        ...facts,
        stateFact({ ...parcel, state: 'cancelled' }, ctx.now(), parcel.carrierId),
      ])
      return new Refusal('none-free', { details: { free: freeCounts(boxes) } })
    }
    await update(tx, 'doors', door.id, { offer: 'contested' })
    const box = await reserve(ctx, tx, after, { controller, parcelId: id, wish, actorId: parcel.carrierId })
    await update(tx, 'doors', door.id, { offer: says })
    const fresh = { step: 'nothing', notSeen: false, openedAt: null, madeAt: ctx.now(), size: input.size }
    const moved = { doorId: box.doorId, placingGrantId: box.grantId, offerBefore: box.offerBefore }
    await update(tx, 'parcels', id, { ...fresh, ...moved })
    await appendHistory(tx, parcel.siteId, [...facts, box.fact])
    return { id, receipt: parcel.receipt, doorId: box.doorId, door: box.door, orderId: box.orderId, state: 'placing' }
  })
}

/** The code is derived from the grant told here; the asking is recorded, the code is not. */
export async function askForCode(
  ctx: Context,
  input: { id: string; reason: string; actorId: string },
): Promise<{ grantId: string }> {
  return write(ctx, async tx => {
    const { parcel } = await holdParcel(tx, input.id)
    const { pickupGrantId: grantId, doorId } = parcel
    if (!grantId) throw new Refusal('no-code')
    const now = ctx.now()
    const noteId = await addNote(tx, parcel.siteId, input.reason, now)
    const about = { parcelId: parcel.id, doorId, grantId, actorId: input.actorId }
    await appendHistory(tx, parcel.siteId, [
      { type: 'code-shown', at: now, receivedAt: now, ...about, facts: { noteId } },
    ])
    return { grantId }
  })
}
