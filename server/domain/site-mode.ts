import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { roomDoorsAt } from '../store/rooms.ts'
import { type ControllerRow, lockController } from '../store/rows.ts'
import { addNote } from './note.ts'
import { addOneUse, isReachable, type Mode, makeOrder } from './orders.ts'

type ForSite = { siteId: string; actorId: string; reason: string } & Mode
export type ModeOrders = {
  orders: { doorId: string; orderId: string }[]
  notReachable: { doorId: string; controllerId: string }[]
}

/**
 * Every room of a site is held open, shut to all but its exit and a caretaker's orders, or as usual again. A door that is
 * not connected is named: it does not hear of it, now or later.
 */
export async function setSiteMode(ctx: Context, input: ForSite): Promise<ModeOrders> {
  const { siteId, actorId, reason, mode, forMs } = input
  return write(ctx, async (tx, after) => {
    const doors = await roomDoorsAt(tx, siteId)
    if (doors.length === 0) throw new Refusal('no-rooms')
    const now = ctx.now()
    const facts: Fact[] = []
    const done: ModeOrders = { orders: [], notReachable: [] }
    const controllers = new Map<string, ControllerRow>()
    // one after the other in the order of their ids: two who do this at once wait for each other only once
    for (const id of new Set(doors.map(each => each.controllerId))) controllers.set(id, await lockController(tx, id))
    const noteId = await addNote(tx, siteId, reason, now)
    for (const { id: doorId, door, controllerId } of doors) {
      const controller = controllers.get(controllerId)!
      if (!isReachable(controller)) {
        done.notReachable.push({ doorId, controllerId })
        continue
      }
      const grantId = await addOneUse(ctx, tx, { controller, doorId, purpose: 'mode', noteId })
      const asked = { controller, doorId, door, grantId, madeBy: actorId, mode: { mode, forMs } }
      const { id: orderId, fact } = await makeOrder(ctx, tx, after, asked)
      facts.push({ ...fact, facts: { ...fact.facts, noteId } })
      done.orders.push({ doorId, orderId })
    }
    if (done.orders.length === 0) throw new Refusal('not-reachable')
    const all = { mode, forMs, noteId, told: done.orders.length, notReachable: done.notReachable.length }
    const fact = { type: 'site-mode' as const, at: now, receivedAt: now, actorId, facts: all }
    await appendHistory(tx, siteId, [fact, ...facts])
    return done
  })
}
