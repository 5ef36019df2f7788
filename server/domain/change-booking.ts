import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { bookingById, changeBookingRow } from '../store/bookings.ts'
import { appendHistory } from '../store/history.ts'
import { grantById } from '../store/rows.ts'
import { findPlace, heldUntil, mustBeInUse, orTaken } from './booking-place.ts'
import { type About, bookingFact, mustGoOn, mustHave, noShowAt } from './bookings.ts'
import { grantEntry } from './entry.ts'
import { revoke } from './grants.ts'
import type { Span } from './room-hours.ts'
import { holdRoom } from './rooms.ts'

type Change = Span &
  About & {
    /** a caretaker; else the resident whose booking it is */
    changedBy?: string | undefined
    /** read again: its UID is kept nowhere */
    badge?: string | undefined
  }

/** Another time, and so another grant: a door that is away goes on opening by the one it knows until its next contact. */
export async function changeBooking(ctx: Context, input: Change): Promise<{ id: string }> {
  const { from, until, changedBy } = input
  const { roomId } = await mustHave(ctx, input)
  return orTaken(ctx, { roomId, from, until, but: input.id }, () =>
    write(ctx, async (tx, after) => {
      const { room, controller } = await holdRoom(tx, roomId)
      mustBeInUse(room, controller)
      if (!changedBy && room.whoMayBook !== 'members') throw new Refusal('caretaker-books')
      const booking = mustGoOn(ctx, await bookingById(tx, input.id))
      const badge = input.badge?.toLowerCase()
      if (booking.means === 'badge' && !badge) throw new Refusal('badge-needed', changedBy ? { field: 'badge' } : {})
      if (booking.means !== 'badge' && badge) throw new Refusal('invalid', { field: 'badge' })
      const now = ctx.now()
      if (until <= now) throw new Refusal('in-the-past', { field: 'until' })
      const sameStart = from.getTime() === booking.from.getTime()
      const place = await findPlace(ctx, tx, room, { from, until, but: booking.id, begun: sameStart })
      const actorId = changedBy ?? booking.residentId
      const { usedAt } = await grantById(tx, booking.grantId!)
      const gone = await revoke(ctx, tx, after, { controller, grantId: booking.grantId!, actorId })
      const entry = { controller, doorId: room.doorId, from, until, means: booking.means!, badge }
      const { grantId, fact } = await grantEntry(ctx, tx, after, entry)
      const changed = {
        ...{ from, until, place, grantId, heldUntil: heldUntil(room, until), noShowAt: noShowAt(room, from, now) },
        // who is inside stays so, with the new code
        state: sameStart && (usedAt || booking.state === 'kept') ? ('kept' as const) : ('booked' as const),
      }
      await changeBookingRow(tx, booking.id, changed)
      const about = { booking: { ...booking, ...changed }, room, actorId }
      await appendHistory(tx, room.siteId, [bookingFact(ctx, 'booking-changed', about), ...gone, fact])
      after.changes({ siteId: room.siteId, doors: [room.doorId] })
      return { id: booking.id }
    }),
  )
}
