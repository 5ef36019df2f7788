import { limits } from '../../schema/wire/limits.ts'
import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { type ControllerRow, doorById, insert, lockController, type OrderRow } from '../store/rows.ts'
import { databaseClock } from '../store/sites.ts'
import { newId } from './ids.ts'
import { addNote } from './note.ts'

export const notAfterUp = (up: number, sinceHeardMs: number): number =>
  up + Math.max(0, Math.floor(sinceHeardMs)) + limits.orderMarginMs

type Reachable = ControllerRow & { boot: string; upAt: Date }
/** Connected, and its uptime was told: an order has its deadline by that. */
export const isReachable = (controller: ControllerRow): controller is Reachable =>
  controller.online && controller.boot !== null && controller.upAt !== null

export type Mode = { mode: 'free' | 'locked' | 'normal'; forMs: number }

type Asked = {
  controller: ControllerRow
  doorId: string
  door: number
  grantId: string
  parcelId?: string | null
  madeBy?: string | null
  ask?: string
  /** instead of opening it once */
  mode?: Mode
}

/** What an order says: its deadline is in the device's uptime, reckoned by the database's clock. */
export function newOrder(asked: Asked, clock: Date, now: Date): { row: OrderRow; fact: Fact } {
  const { controller, doorId, grantId, ask = null, madeBy = null, parcelId = null, mode } = asked
  if (!isReachable(controller)) throw new Refusal('not-reachable')
  const { siteId, id: controllerId, boot, up, upAt } = controller
  const id = newId()
  const row: OrderRow = {
    ...{ id, siteId, controllerId, doorId, grantId, ask, boot },
    ...(mode ? { type: 'mode', ...mode } : { type: 'open', mode: null, forMs: null }),
    notAfterUp: notAfterUp(up, clock.getTime() - upAt.getTime() - 1),
    deadlineAt: new Date(clock.getTime() + limits.orderMarginMs),
    ...{ state: 'made', refusedReason: null, madeBy, madeAt: now },
    ...{ acceptedAt: null, unlockedAt: null, openedAt: null, late: false },
  }
  const about = { controllerId, doorId, grantId, orderId: id, parcelId, actorId: madeBy }
  return { row, fact: { type: 'order-made', at: now, receivedAt: now, ...about, ...(mode ? { facts: mode } : {}) } }
}

/** Inside a write that holds the controller's row. */
export async function makeOrder(ctx: Context, tx: Tx, after: After, asked: Asked): Promise<{ id: string; fact: Fact }> {
  const { row, fact } = newOrder(asked, await databaseClock(tx), ctx.now())
  await insert(tx, 'orders', row)
  after.device({ order: { ...row, door: asked.door } })
  after.changes({ siteId: row.siteId, doors: [row.doorId], orders: [row.id] })
  return { id: row.id, fact }
}

type OneUse = {
  controller: ControllerRow
  doorId: string
  purpose: 'placing' | 'taking' | 'opening' | 'mode'
  parcelId?: string
  noteId?: string
}

/** The grant behind a courier's or caretaker's opening: once, by order only, never in the list. */
export async function addOneUse(ctx: Context, tx: Tx, { controller, ...row }: OneUse): Promise<string> {
  const id = newId()
  const now = ctx.now()
  const until = new Date(now.getTime() + 60_000)
  const { siteId, id: controllerId } = controller
  await insert(tx, 'grants', {
    id,
    siteId,
    controllerId,
    ...row,
    means: 'order',
    from: now,
    until,
    uses: 1,
    madeAt: now,
  })
  return id
}

type ByHand = { doorId: string; actorId: string; reason: string }

export const openDoor = (ctx: Context, input: ByHand) => orderByHand(ctx, input)

/** Holds a room open, shuts it to all but its exit and orders, or ends that; the device ends it by itself after `forMs`. */
export async function setMode(ctx: Context, input: ByHand & Mode) {
  const { kind } = await doorById(ctx.sql, input.doorId)
  if (kind !== 'room') throw new Refusal('not-a-room')
  return orderByHand(ctx, input, { mode: input.mode, forMs: input.forMs })
}

async function orderByHand(
  ctx: Context,
  { doorId, actorId, reason }: ByHand,
  mode?: Mode,
): Promise<{ orderId: string; grantId: string }> {
  const { controllerId, door } = await doorById(ctx.sql, doorId)
  return write(ctx, async (tx, after) => {
    const controller = await lockController(tx, controllerId)
    const noteId = await addNote(tx, controller.siteId, reason, ctx.now())
    const grantId = await addOneUse(ctx, tx, { controller, doorId, purpose: mode ? 'mode' : 'opening', noteId })
    const asked = { controller, doorId, door, grantId, madeBy: actorId, ...(mode ? { mode } : {}) }
    const { id, fact } = await makeOrder(ctx, tx, after, asked)
    await appendHistory(tx, controller.siteId, [{ ...fact, facts: { ...fact.facts, noteId } }])
    return { orderId: id, grantId }
  })
}
