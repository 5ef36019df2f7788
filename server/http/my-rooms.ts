import { may } from '../../schema/api/roles.ts'
import {
  BookingNow,
  ChangeBooking,
  EntryCode,
  NewBooking,
  OfDay,
  OwnBooking,
  OwnBookings,
  OwnRooms,
  Slots,
} from '../../schema/api/rooms.ts'
import { ById } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { book, cancelBooking, tellBooking } from '../domain/bookings.ts'
import { changeBooking } from '../domain/change-booking.ts'
import { entryCode } from '../domain/entry.ts'
import { freeSlots, roomsForMembers } from '../domain/room-day.ts'
import { Refusal } from '../refusal.ts'
import { bookingById, ownBookings } from '../store/bookings.ts'
import { type App, gives } from './app.ts'
import { derived, plain, sameOnce } from './once.ts'
import { mustReach, who } from './permission.ts'
import { readMoment } from './read.ts'

/** so long are bookings that ended still listed */
const listedMs = 30 * 24 * 3600_000

/** A member books a room, changes or gives back what is theirs, and sees the code that opens its door. */
export function myRoomRoutes(app: App, ctx: Context): void {
  const config = { roles: may.own }

  app.get('/api/me/rooms', { schema: { response: gives(200, OwnRooms) }, config }, async request => ({
    // a resident belongs to one site
    items: await roomsForMembers(ctx, who(request).siteIds![0]!),
  }))

  const slots = { params: ById, querystring: OfDay, response: gives(200, Slots) }
  app.get('/api/me/rooms/:id/slots', { schema: slots, config }, async request => {
    await mustReach(ctx, who(request), { thing: 'rooms', id: request.params.id })
    return freeSlots(ctx, request.params.id, request.query.day)
  })

  app.get('/api/me/bookings', { schema: { response: gives(200, OwnBookings) }, config }, async request => {
    const since = new Date(ctx.now().getTime() - listedMs)
    return { items: await ownBookings(ctx.sql, { residentId: who(request).actorId, since }) }
  })

  const make = { body: NewBooking, response: gives(201, OwnBooking) }
  app.post('/api/me/bookings', { schema: make, config }, async (request, reply) => {
    const session = who(request)
    const { roomId, means } = request.body
    await mustReach(ctx, session, { thing: 'rooms', id: roomId, field: 'roomId' })
    const wanted = { roomId, means, residentId: session.actorId, ...spanOf(request.body) }
    const work = derived(
      within => book(within, wanted),
      ({ id }) => tellBooking(ctx, id),
    )
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const change = { params: ById, body: ChangeBooking, response: gives(200, OwnBooking) }
  app.post('/api/me/bookings/:id/change', { schema: change, config }, async request => {
    const input = { id: request.params.id, residentId: who(request).actorId, ...spanOf(request.body) }
    const work = derived(
      within => changeBooking(within, input),
      ({ id }) => tellBooking(ctx, id),
    )
    return sameOnce(ctx, request, work)
  })

  const cancel = { params: ById, response: gives(200, BookingNow) }
  app.post('/api/me/bookings/:id/cancel', { schema: cancel, config }, async request => {
    const { actorId } = who(request)
    const work = plain(within => cancelBooking(within, { id: request.params.id, residentId: actorId, actorId }))
    return sameOnce(ctx, request, work)
  })

  const code = { params: ById, response: gives(200, EntryCode) }
  app.get('/api/me/bookings/:id/code', { schema: code, config }, async request => {
    const booking = await bookingById(ctx.sql, request.params.id)
    if (booking?.residentId !== who(request).actorId) throw new Refusal('not-found', { field: 'id' })
    return entryCode(ctx, booking.grantId!)
  })
}

export const spanOf = ({ from, until }: { from: string; until: string }) => ({
  from: readMoment(from, 'from'),
  until: readMoment(until, 'until'),
})
