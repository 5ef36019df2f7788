import type { KnownFact } from '../../schema/api/fact-types.ts'
import type { OwnBooking } from '../../schema/api/rooms.ts'
import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { addBookings, type BookingRow, bookingById, changeBookingRow, ownBookings } from '../store/bookings.ts'
import { livesAt } from '../store/grants.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import type { RoomRead } from '../store/rooms.ts'
import type { ControllerRow } from '../store/rows.ts'
import { findPlace, heldUntil, mustBeInUse, orTaken } from './booking-place.ts'
import { grantEntry } from './entry.ts'
import { revoke } from './grants.ts'
import { newId } from './ids.ts'
import { addNote } from './note.ts'
import type { Span } from './room-hours.ts'
import { holdRoom } from './rooms.ts'

export type Means = 'code' | 'totp' | 'badge'
export type NewBooking = Span & {
  roomId: string
  residentId: string
  means?: Means | undefined
  badge?: string | undefined
  /** a caretaker; else the resident's own */
  bookedBy?: string | undefined
}

/** A place of a room for a time, and the grant that opens its door for it. */
export async function book(ctx: Context, input: NewBooking): Promise<{ id: string }> {
  const { roomId, residentId, from, until, means = 'code', bookedBy } = input
  if ((means === 'badge') !== (input.badge !== undefined)) throw new Refusal('invalid', { field: 'badge' })
  return orTaken(ctx, input, () =>
    write(ctx, async (tx, after) => {
      const { room, controller } = await holdRoom(tx, roomId)
      mustBeInUse(room, controller)
      if (!bookedBy && room.whoMayBook !== 'members') throw new Refusal('caretaker-books', { field: 'roomId' })
      if (!(await livesAt(tx, room.siteId, residentId))) throw new Refusal('not-found', { field: 'residentId' })
      const place = await findPlace(ctx, tx, room, input)
      const now = ctx.now()
      const badge = input.badge?.toLowerCase()
      const { grantId, fact } = await grantEntry(ctx, tx, after, {
        controller,
        doorId: room.doorId,
        from,
        until,
        means,
        badge,
      })
      const booking: BookingRow = {
        ...{ id: newId(), siteId: room.siteId, roomId, place, residentId, workshopId: null, state: 'booked' },
        ...{ from, until, heldUntil: heldUntil(room, until), noShowAt: noShowAt(room, from, now) },
        ...{ means, grantId, madeAt: now },
      }
      await addBookings(tx, [booking])
      const made = bookingFact(ctx, 'booking-made', { booking, room, actorId: bookedBy ?? residentId })
      await appendHistory(tx, room.siteId, [made, fact])
      after.changes({ siteId: room.siteId, doors: [room.doorId] })
      return { id: booking.id }
    }),
  )
}

export type About = { id: string; residentId?: string | undefined }
type Cancelled = About & { actorId: string; reason?: string | undefined }

/** The place is free again at once; the door knows at its next contact. */
export async function cancelBooking(ctx: Context, input: Cancelled): Promise<{ id: string; state: 'cancelled' }> {
  const { roomId } = await mustHave(ctx, input)
  return write(ctx, async (tx, after) => {
    const { room, controller } = await holdRoom(tx, roomId)
    const booking = mustGoOn(ctx, await bookingById(tx, input.id))
    const noteId = input.reason ? await addNote(tx, room.siteId, input.reason, ctx.now()) : null
    const { actorId } = input
    const facts = await endBooking(ctx, tx, after, { room, controller, booking, state: 'cancelled', actorId, noteId })
    await appendHistory(tx, room.siteId, facts)
    return { id: booking.id, state: 'cancelled' as const }
  })
}

type Ending = { room: RoomRead; controller: ControllerRow; booking: BookingRow } & {
  state: 'cancelled' | 'released'
  actorId: string | null
  noteId?: string | null
}

/** Inside a write that holds the controller's row. */
export async function endBooking(ctx: Context, tx: Tx, after: After, ending: Ending): Promise<Fact[]> {
  const { room, controller, booking, state, actorId, noteId = null } = ending
  const gone = await revoke(ctx, tx, after, { controller, grantId: booking.grantId!, actorId })
  await changeBookingRow(tx, booking.id, { state })
  after.changes({ siteId: room.siteId, doors: [room.doorId] })
  return [bookingFact(ctx, `booking-${state}`, { booking, room, actorId, noteId }), ...gone]
}

export const noShowAt = ({ noShowMs }: RoomRead, from: Date, now: Date): Date =>
  new Date(Math.max(from.getTime(), now.getTime()) + noShowMs)

export async function mustHave(ctx: Context, { id, residentId }: About): Promise<BookingRow> {
  const booking = await bookingById(ctx.sql, id)
  if (!booking || (residentId && booking.residentId !== residentId)) throw new Refusal('not-found', { field: 'id' })
  return booking
}

export function mustGoOn(ctx: Context, booking: BookingRow | undefined): BookingRow {
  const goesOn = booking && (booking.state === 'booked' || booking.state === 'kept') && booking.until > ctx.now()
  if (!goesOn) throw new Refusal('booking-ended')
  return booking
}

type AboutFact = { booking: BookingRow; room: RoomRead; actorId: string | null; noteId?: string | null }

export function bookingFact(ctx: Context, type: KnownFact, { booking, room, actorId, noteId }: AboutFact): Fact {
  const at = ctx.now()
  const { id: bookingId, residentId, roomId, place, from, until, grantId } = booking
  const facts = { bookingId, residentId, roomId, place, from: from.getTime(), until: until.getTime() }
  const about = { doorId: room.doorId, grantId, actorId, facts: noteId ? { ...facts, noteId } : facts }
  return { type, at, receivedAt: at, controllerId: room.controllerId, ...about }
}

export async function tellBooking(ctx: Context, id: string): Promise<OwnBooking> {
  const [booking] = await ownBookings(ctx.sql, { id })
  return booking!
}
