import { type Context, write } from '../context.ts'
import { bookingById, changeBookingRow } from '../store/bookings.ts'
import { appendHistory } from '../store/history.ts'
import { grantById } from '../store/rows.ts'
import { bookingFact, endBooking } from './bookings.ts'
import { holdRoom } from './rooms.ts'

/** The time to come is over: kept when somebody came in by its grant, else given back while there is something to give. */
export async function settleBooking(ctx: Context, id: string): Promise<void> {
  await write(ctx, async (tx, after) => {
    const found = await bookingById(tx, id)
    if (!found) return
    const { room, controller } = await holdRoom(tx, found.roomId)
    const booking = (await bookingById(tx, id))!
    const now = ctx.now()
    if (booking.state !== 'booked' || booking.noShowAt === null || booking.noShowAt > now) return
    const { usedAt } = await grantById(tx, booking.grantId!)
    if (!usedAt && booking.until <= now) {
      await changeBookingRow(tx, id, { noShowAt: null })
      return
    }
    if (!usedAt) {
      const ending = { room, controller, booking, state: 'released', actorId: null } as const
      await appendHistory(tx, room.siteId, await endBooking(ctx, tx, after, ending))
      return
    }
    await changeBookingRow(tx, id, { state: 'kept' })
    after.changes({ siteId: room.siteId, doors: [room.doorId] })
    await appendHistory(tx, room.siteId, [bookingFact(ctx, 'booking-kept', { booking, room, actorId: null })])
  })
}
