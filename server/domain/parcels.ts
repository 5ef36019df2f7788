import { randomInt } from 'node:crypto'
import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { boxesOf } from '../store/boxes.ts'
import { appendHistory } from '../store/history.ts'
import { allRefused } from '../store/orders.ts'
import { receiverAt } from '../store/residents.ts'
import { type ControllerRow, insert, lockController, type ParcelRow, update } from '../store/rows.ts'
import { pickDoor, type Size } from './allocation.ts'
import { alternatives } from './banks.ts'
import { endPickups } from './delegates.ts'
import { applyOutcome, type HeldParcel, holdParcel, stateFact } from './hold-parcel.ts'
import { newId } from './ids.ts'
import { addOneUse, makeOrder } from './orders.ts'
import { type ParcelEvent, parcelStep } from './parcel-rules.ts'
import { givePickup, sharePickup } from './pickup.ts'

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
export type Placing = {
  id: string
  receipt: string
  doorId: string
  door: number
  /** of the box, which may be bigger than asked for */
  size: Size
  /** nobody has looked into this box since it was used: the courier does */
  unchecked: boolean
  orderId: string
  state: 'placing'
}

export const newReceipt = (): string => {
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
    return placingOf({ id, receipt }, box)
  })
}

type Whom = { residentId?: string | undefined; flat?: string | undefined }
export async function residentFor(tx: Tx, siteId: string, input: Whom) {
  const resident = await receiverAt(tx, siteId, input)
  if (!resident) throw new Refusal('not-found', { field: input.residentId ? 'residentId' : 'flat' })
  return resident
}

type Wish = { controller: ControllerRow; parcelId: string; wish: { size: Size; low: boolean }; actorId: string | null }

export async function reserve(ctx: Context, tx: Tx, after: After, { controller, parcelId, wish, actorId }: Wish) {
  // what was laid into it since the restored copy was made is in the events that are not in yet
  if (controller.doubtfulUntil !== null) throw new Refusal('doubtful')
  const boxes = await boxesOf(tx, controller.id)
  const box = pickDoor(boxes, wish)
  if (!box) throw new Refusal('none-free', { details: await alternatives(tx, controller, boxes) })
  return openFor(ctx, tx, after, { controller, parcelId, actorId, box: { ...box, size: box.size! } })
}

type Chosen = { controller: ControllerRow; parcelId: string; actorId: string | null; box: Box }
type Box = { id: string; door: number; size: Size; offer: string }

/** The box is the courier's from here: reserved, and its door ordered open once. */
export async function openFor(ctx: Context, tx: Tx, after: After, { controller, parcelId, actorId, box }: Chosen) {
  await update(tx, 'doors', box.id, { offer: 'reserved', since: ctx.now() })
  const grantId = await addOneUse(ctx, tx, { controller, doorId: box.id, purpose: 'placing', parcelId })
  const asked = { controller, doorId: box.id, door: box.door, grantId, parcelId, madeBy: actorId }
  const order = await makeOrder(ctx, tx, after, asked)
  const offerBefore = box.offer as ParcelRow['offerBefore']
  const told = {
    doorId: box.id,
    door: box.door,
    size: box.size,
    unchecked: offerBefore === 'unchecked',
    orderId: order.id,
  }
  return { ...told, grantId, offerBefore, fact: order.fact }
}

export const placingOf = (
  parcel: { id: string; receipt: string },
  box: Awaited<ReturnType<typeof openFor>>,
): Placing => {
  const { doorId, door, size, unchecked, orderId } = box
  return { id: parcel.id, receipt: parcel.receipt, doorId, door, size, unchecked, orderId, state: 'placing' }
}

async function happen(ctx: Context, id: string, event: ParcelEvent): Promise<ParcelNow> {
  return write(ctx, async (tx, after) => {
    const held = await holdParcel(tx, id)
    if (event.type === 'cancel') event = { ...event, orderOver: await allRefused(tx, held.parcel) }
    const outcome = parcelStep(held.parcel, held.door, event, ctx.now())
    const facts = await applyOutcome(ctx, tx, after, held, outcome)
    const { state } = outcome.parcel
    if (state === 'waiting' || (event.type === 'deposited' && state === 'contested'))
      facts.push(...(await pickupOf(ctx, tx, after, held)))
    if (state === 'returned') {
      const { controller, parcel } = held
      facts.push(...(await endPickups(ctx, tx, after, { controller, parcel, actorId: parcel.carrierId })))
    }
    await appendHistory(tx, held.parcel.siteId, facts)
    if (outcome.refused) return new Refusal(heard(held.controller, outcome.refused))
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

/** A bank that is away may have shut the door already: "the door is open" would be a guess. */
const heard = ({ online }: ControllerRow, refused: string): string =>
  !online && (refused === 'door-open' || refused === 'not-opened') ? 'not-heard' : refused

const pickupOf = async (ctx: Context, tx: Tx, after: After, held: HeldParcel) =>
  (await sharePickup(ctx, tx, held)) ?? [await givePickup(ctx, tx, after, held)]

export const parcelPlaced = (ctx: Context, id: string) => happen(ctx, id, { type: 'deposited' })
export const cancelParcel = (ctx: Context, id: string) => happen(ctx, id, { type: 'cancel', orderOver: false })
/** What the carrier says at the open box of an overdue parcel. */
export const parcelTaken = (ctx: Context, id: string) => happen(ctx, id, { type: 'taken' })
export const parcelNotThere = (ctx: Context, id: string) => happen(ctx, id, { type: 'not-there' })
