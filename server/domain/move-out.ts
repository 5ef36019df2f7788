import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { bookingById } from '../store/bookings.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { parcelsHereOf, type Right, rightsOf } from '../store/move-out.ts'
import { changeResidentRow } from '../store/residents.ts'
import { roomById } from '../store/rooms.ts'
import { type ControllerRow, lockController } from '../store/rows.ts'
import { endSessionsOf } from '../store/sessions.ts'
import { seatsOf, workshopById } from '../store/workshops.ts'
import { endBooking } from './bookings.ts'
import { revoke } from './grants.ts'
import { addNote } from './note.ts'
import { mustLiveHere } from './residents.ts'
import { endSeat, endWorkshop } from './workshops.ts'

type MoveOut = { id: string; actorId: string; reason: string }

/**
 * From now on nothing is brought for them and nobody signs in with their number; what they booked, host or were given
 * ends. What lies here for them goes first: handed over, given to somebody else, or back to its carrier.
 */
export async function moveOut(ctx: Context, { id, actorId, reason }: MoveOut): Promise<{ id: string; ended: number }> {
  return write(ctx, async (tx, after) => {
    const now = ctx.now()
    const controllers = new Map<string, ControllerRow>()
    const hold = async ({ controllerId }: Right) => {
      const held = controllers.get(controllerId) ?? (await lockController(tx, controllerId))
      controllers.set(controllerId, held)
      return held
    }
    // controllers before the resident and in the order of their ids, as everybody else locks them
    for (const right of await rightsOf(tx, id, now)) await hold(right)
    const { siteId } = await mustLiveHere(tx, id)
    const parcels = await parcelsHereOf(tx, id)
    if (parcels.length > 0) throw new Refusal('parcels-here', { details: { receipts: parcels } })
    const rights = await rightsOf(tx, id, now)
    const noteId = await addNote(tx, siteId, reason, now)
    const facts: Fact[] = []
    for (const right of rights)
      facts.push(...(await end(ctx, tx, after, { right, controller: await hold(right), residentId: id, actorId })))
    await changeResidentRow(tx, id, { movedOutAt: now })
    await endSessionsOf(tx, id)
    const about = { residentId: id, ended: rights.length, noteId }
    const fact: Fact = { type: 'resident-moved-out', at: now, receivedAt: now, actorId, facts: about }
    await appendHistory(tx, siteId, [...facts, fact])
    return { id, ended: rights.length }
  })
}

type Ending = { right: Right; controller: ControllerRow; residentId: string; actorId: string }

async function end(ctx: Context, tx: Tx, after: After, ending: Ending): Promise<Fact[]> {
  const { right, controller, residentId, actorId } = ending
  const { id, roomId } = right
  if (right.type === 'grant' || roomId === null) return revoke(ctx, tx, after, { controller, grantId: id, actorId })
  const room = await roomById(tx, roomId)
  if (right.type === 'booking') {
    const booking = (await bookingById(tx, id))!
    return endBooking(ctx, tx, after, { room, controller, booking, state: 'cancelled', actorId })
  }
  const workshop = (await workshopById(tx, id))!
  const about = { room, controller, workshop, actorId }
  if (right.type === 'workshop') return endWorkshop(ctx, tx, after, { ...about, noteId: null })
  const seat = (await seatsOf(tx, id)).find(each => each.residentId === residentId)!
  return endSeat(ctx, tx, after, { ...about, seat })
}
