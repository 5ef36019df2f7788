import { randomInt } from 'node:crypto'
import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { boxesOf, type Candidate } from '../store/boxes.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { allRefused } from '../store/orders.ts'
import { receiverAt } from '../store/residents.ts'
import { type ControllerRow, insert, lockController, type ParcelRow, update } from '../store/rows.ts'
import { pickDoor, type Size } from './allocation.ts'
import { alternatives } from './banks.ts'
import { endPickups } from './delegates.ts'
import { applyOutcome, type HeldParcel, holdParcel, mustBeCertain, stateFact } from './hold-parcel.ts'
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
  return write(ctx, async (tx, after): Promise<Placing | Refusal> => {
    const { controller, resident } = await holdBank(tx, input)
    const boxes = await boxesOf(tx, controller.id)
    const box = pickDoor(boxes, { size: input.size, low: resident.needsLowDoor })
    if (!box) {
      await appendHistory(tx, controller.siteId, [noneFree(ctx, controller, input)])
      return new Refusal('none-free', { details: await alternatives(tx, controller, boxes) })
    }
    return addPlacing(ctx, tx, after, { controller, residentId: resident.id, box, input })
  })
}

type Refused = Pick<NewParcel, 'size' | 'carrierId' | 'actorId'>

/** That somebody stood there with a parcel and no box for it; for whom it was is nobody's business here. */
export function noneFree(
  ctx: Context,
  { id: controllerId }: { id: string },
  { size, carrierId, actorId }: Refused,
): Fact {
  const now = ctx.now()
  const who = actorId ?? carrierId ?? null
  return { type: 'none-free', at: now, receivedAt: now, controllerId, actorId: who, facts: { size } }
}

/** Inside a write: the bank that a parcel is to be laid into, and whom it is for. */
export async function holdBank(tx: Tx, input: NewParcel) {
  const controller = await lockController(tx, input.controllerId)
  if (controller.retiredAt || !controller.online) throw new Refusal('not-reachable')
  const resident = await residentFor(tx, controller.siteId, input)
  mustBeCertain(controller)
  return { controller, resident }
}

type Whom = { residentId?: string | undefined; flat?: string | undefined }
export async function residentFor(tx: Tx, siteId: string, input: Whom) {
  const resident = await receiverAt(tx, siteId, input)
  if (!resident) throw new Refusal('not-found', { field: input.residentId ? 'residentId' : 'flat' })
  return resident
}

type Wanted = { controller: ControllerRow; residentId: string; box: Box; input: NewParcel; joinedTo?: string }

/** The parcel, and its box opened for it. */
export async function addPlacing(
  ctx: Context,
  tx: Tx,
  after: After,
  { controller, residentId, box, input, joinedTo }: Wanted,
): Promise<Placing> {
  const id = newId()
  const receipt = newReceipt()
  const { siteId } = controller
  const { carrierId = null, carrier = null, tracking = null, size } = input
  const actorId = input.actorId ?? carrierId
  const opened = await openFor(ctx, tx, after, { controller, parcelId: id, actorId, box })
  await insert(tx, 'parcels', {
    ...{ id, siteId, doorId: box.id, residentId, carrierId, receipt, carrier, tracking, size, state: 'placing' },
    ...{
      joinedTo: joinedTo ?? null,
      offerBefore: opened.offerBefore,
      placingGrantId: opened.grantId,
      madeAt: ctx.now(),
    },
  })
  const placing = stateFact({ id, doorId: box.id, state: 'placing' }, ctx.now(), actorId)
  const facts = { receipt, size, ...(joinedTo ? { joinedTo } : {}) }
  await appendHistory(tx, siteId, [{ ...placing, facts }, opened.fact])
  after.changes({ siteId, parcels: [id] })
  return { id, receipt, ...opened.told }
}

type Box = Pick<Candidate, 'id' | 'door' | 'size' | 'offer'>
type Chosen = { controller: ControllerRow; parcelId: string; actorId: string | null; box: Box }

/** The box is the courier's from here: reserved, and its door ordered open once. */
export async function openFor(ctx: Context, tx: Tx, after: After, { controller, parcelId, actorId, box }: Chosen) {
  const { id: doorId, door } = box
  await update(tx, 'doors', doorId, { offer: 'reserved', since: ctx.now() })
  const grantId = await addOneUse(ctx, tx, { controller, doorId, purpose: 'placing', parcelId })
  const { id: orderId, fact } = await makeOrder(ctx, tx, after, {
    ...{ controller, doorId, door, grantId, parcelId, madeBy: actorId },
  })
  const offerBefore = box.offer as ParcelRow['offerBefore']
  const told = {
    doorId,
    door,
    size: box.size!,
    unchecked: offerBefore === 'unchecked',
    orderId,
    state: 'placing',
  } as const
  return { grantId, fact, offerBefore, told }
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
