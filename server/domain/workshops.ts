import type { KnownFact } from '../../schema/api/fact-types.ts'
import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { addBookings, heldPlaces } from '../store/bookings.ts'
import { livesAt } from '../store/grants.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import type { RoomRead } from '../store/rooms.ts'
import type { ControllerRow } from '../store/rows.ts'
import {
  addWorkshop,
  cancelWorkshopRow,
  leaveSeat,
  type SeatRow,
  seatsOf,
  takeSeat,
  type WorkshopRow,
  workshopById,
} from '../store/workshops.ts'
import { heldUntil, mustBeInUse, orTaken } from './booking-place.ts'
import { bookingProblem } from './booking-rules.ts'
import { grantEntry } from './entry.ts'
import { revoke } from './grants.ts'
import { newId } from './ids.ts'
import { addNote } from './note.ts'
import type { Span } from './room-hours.ts'
import { bookable, holdRoom } from './rooms.ts'

/** The host comes before and tidies up after. */
const hostAroundMs = 30 * 60_000

type NewWorkshop = Span & {
  roomId: string
  hostId: string
  title: string
  places: number
  means?: 'code' | 'totp' | undefined
}

/** A resident announces one: it holds every place of its room for its time. */
export async function announceWorkshop(ctx: Context, input: NewWorkshop): Promise<{ id: string }> {
  const { roomId, hostId, from, until, places, means = 'code' } = input
  return orTaken(ctx, { roomId, from, until, whole: true }, () =>
    write(ctx, async (tx, after) => {
      const { room, controller } = await holdRoom(tx, roomId)
      mustBeInUse(room, controller)
      if (room.whoMayBook !== 'members') throw new Refusal('caretaker-books', { field: 'roomId' })
      if (!(await livesAt(tx, room.siteId, hostId))) throw new Refusal('not-found', { field: 'hostId' })
      if (places > room.capacity)
        throw new Refusal('over-capacity', { field: 'places', details: { capacity: room.capacity } })
      await mustBeFree(ctx, tx, room, { from, until })
      const now = ctx.now()
      const around = {
        opensAt: new Date(from.getTime() - hostAroundMs),
        until: new Date(until.getTime() + hostAroundMs),
      }
      const { grantId, fact } = await grantEntry(ctx, tx, after, {
        controller,
        doorId: room.doorId,
        from,
        means,
        ...around,
      })
      const id = newId()
      const { siteId } = room
      const title = input.title.trim()
      const state = 'announced' as const
      const workshop = { id, siteId, roomId, title, hostId, from, until, places, state, means, grantId }
      await addWorkshop(tx, { ...workshop, madeAt: now })
      const held = {
        siteId,
        roomId,
        residentId: hostId,
        workshopId: id,
        from,
        until,
        heldUntil: heldUntil(room, until),
      }
      const none = { noShowAt: null, means: null, grantId: null, madeAt: now }
      await addBookings(
        tx,
        Array.from({ length: room.places }, (_, at) => ({
          ...{ id: newId(), place: at + 1, state: 'booked' as const },
          ...held,
          ...none,
        })),
      )
      await appendHistory(tx, siteId, [
        workshopFact(ctx, 'workshop-announced', { room, workshop, actorId: hostId, grantId }),
        fact,
      ])
      after.changes({ siteId, doors: [room.doorId] })
      return { id }
    }),
  )
}

async function mustBeFree(ctx: Context, tx: Tx, room: RoomRead, { from, until }: Span): Promise<void> {
  const problem = bookingProblem({ from, until }, bookable(room), ctx.now())
  if (problem) throw problem
  const held = await heldPlaces(tx, room.id, { from, until: heldUntil(room, until) })
  if (held.length > 0) throw new Refusal('taken', { field: 'from' })
}

type Seat = { id: string; residentId: string; means?: 'code' | 'totp' | undefined }

/** A seat, and the entry for the workshop's time. */
export async function signUp(ctx: Context, input: Seat): Promise<{ id: string; state: 'signed-up' }> {
  const { id, residentId, means = 'code' } = input
  const { roomId } = await mustExist(ctx, id)
  return write(ctx, async (tx, after) => {
    const { room, controller } = await holdRoom(tx, roomId)
    const workshop = mustGoOn(ctx, await workshopById(tx, id))
    if (!(await livesAt(tx, workshop.siteId, residentId))) throw new Refusal('not-found', { field: 'id' })
    if (workshop.hostId === residentId) throw new Refusal('own-workshop')
    const seats = await seatsOf(tx, id)
    if (seats.some(seat => seat.residentId === residentId)) throw new Refusal('signed-up-already')
    if (seats.length >= workshop.places) throw new Refusal('workshop-full')
    const { from, until } = workshop
    const { grantId, fact } = await grantEntry(ctx, tx, after, { controller, doorId: room.doorId, from, until, means })
    const seat = { workshopId: id, residentId, state: 'signed-up' as const, means, grantId }
    await takeSeat(tx, { ...seat, madeAt: ctx.now() })
    const about = { room, workshop, actorId: residentId, grantId, residentId }
    await appendHistory(tx, room.siteId, [workshopFact(ctx, 'workshop-signed-up', about), fact])
    after.changes({ siteId: room.siteId, doors: [room.doorId] })
    return { id, state: 'signed-up' as const }
  })
}

/** The seat is free again; its code opens no more. */
export async function leaveWorkshop(
  ctx: Context,
  { id, residentId }: Seat,
): Promise<{ id: string; state: 'cancelled' }> {
  const { roomId } = await mustExist(ctx, id)
  return write(ctx, async (tx, after) => {
    const { room, controller } = await holdRoom(tx, roomId)
    const workshop = mustGoOn(ctx, await workshopById(tx, id))
    const seat = (await seatsOf(tx, id)).find(each => each.residentId === residentId)
    if (!seat) throw new Refusal('not-signed-up')
    const facts = await endSeat(ctx, tx, after, { room, controller, workshop, seat, actorId: residentId })
    await appendHistory(tx, room.siteId, facts)
    return { id, state: 'cancelled' as const }
  })
}

type Ending = { room: RoomRead; controller: ControllerRow; workshop: WorkshopRow; actorId: string }

/** Inside a write that holds the controller's row. */
export async function endSeat(ctx: Context, tx: Tx, after: After, ending: Ending & { seat: SeatRow }): Promise<Fact[]> {
  const { room, controller, workshop, seat, actorId } = ending
  const { grantId, residentId } = seat
  const gone = await revoke(ctx, tx, after, { controller, grantId, actorId })
  await leaveSeat(tx, seat)
  after.changes({ siteId: room.siteId, doors: [room.doorId] })
  return [workshopFact(ctx, 'workshop-left', { room, workshop, actorId, grantId, residentId }), ...gone]
}

type Cancelled = { id: string; actorId: string; hostId?: string | undefined; reason?: string | undefined }

/** By its host, or a caretaker for a reason: nobody's code for it opens any more, and the room is free. */
export async function cancelWorkshop(ctx: Context, input: Cancelled): Promise<{ id: string; state: 'cancelled' }> {
  const { id, actorId, hostId, reason } = input
  const { roomId, hostId: itsHost } = await mustExist(ctx, id)
  if (hostId && itsHost !== hostId) throw new Refusal('not-found', { field: 'id' })
  return write(ctx, async (tx, after) => {
    const { room, controller } = await holdRoom(tx, roomId)
    const workshop = mustGoOn(ctx, await workshopById(tx, id))
    const noteId = reason ? await addNote(tx, room.siteId, reason, ctx.now()) : null
    const facts = await endWorkshop(ctx, tx, after, { room, controller, workshop, actorId, noteId })
    await appendHistory(tx, room.siteId, facts)
    return { id, state: 'cancelled' as const }
  })
}

/** Inside a write that holds the controller's row. */
export async function endWorkshop(
  ctx: Context,
  tx: Tx,
  after: After,
  ending: Ending & { noteId: string | null },
): Promise<Fact[]> {
  const { room, controller, workshop, actorId, noteId } = ending
  const { id, grantId } = workshop
  const gone: Fact[] = []
  // whoever had a seat keeps it: so they see that it was cancelled
  for (const each of [...(await seatsOf(tx, id)), { grantId }])
    gone.push(...(await revoke(ctx, tx, after, { controller, grantId: each.grantId, actorId })))
  await cancelWorkshopRow(tx, id)
  after.changes({ siteId: room.siteId, doors: [room.doorId] })
  return [workshopFact(ctx, 'workshop-cancelled', { room, workshop, actorId, grantId, noteId }), ...gone]
}

async function mustExist(ctx: Context, id: string): Promise<WorkshopRow> {
  const workshop = await workshopById(ctx.sql, id)
  if (!workshop) throw new Refusal('not-found', { field: 'id' })
  return workshop
}

function mustGoOn(ctx: Context, workshop: WorkshopRow | undefined): WorkshopRow {
  if (workshop?.state !== 'announced' || workshop.until <= ctx.now()) throw new Refusal('workshop-over')
  return workshop
}

type AboutFact = {
  room: RoomRead
  workshop: Pick<WorkshopRow, 'id' | 'from' | 'until'>
  actorId: string
  grantId: string
  residentId?: string
  noteId?: string | null
}

function workshopFact(ctx: Context, type: KnownFact, about: AboutFact): Fact {
  const { room, workshop, actorId, grantId, residentId, noteId } = about
  const at = ctx.now()
  const facts = {
    workshopId: workshop.id,
    roomId: room.id,
    from: workshop.from.getTime(),
    until: workshop.until.getTime(),
  }
  return {
    ...{ type, at, receivedAt: at, controllerId: room.controllerId, doorId: room.doorId, grantId, actorId },
    facts: { ...facts, ...(residentId ? { residentId } : {}), ...(noteId ? { noteId } : {}) },
  }
}
