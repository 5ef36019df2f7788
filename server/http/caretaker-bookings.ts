import { may } from '../../schema/api/roles.ts'
import {
  AskNames,
  BookedFor,
  BookingNow,
  ChangeBookingOf,
  Names,
  NewBookingFor,
  OfDay,
  RoomDay,
} from '../../schema/api/rooms.ts'
import { ById, WithReason } from '../../schema/api/shared.ts'
import { WorkshopNow } from '../../schema/api/workshops.ts'
import type { Context } from '../context.ts'
import { book, cancelBooking, tellBooking } from '../domain/bookings.ts'
import { changeBooking } from '../domain/change-booking.ts'
import { codeOfGrant } from '../domain/grants.ts'
import { askNames, dayOfRoom, tellNames } from '../domain/room-day.ts'
import { cancelWorkshop } from '../domain/workshops.ts'
import { bookingById } from '../store/bookings.ts'
import { type App, gives } from './app.ts'
import { spanOf } from './my-rooms.ts'
import { derived, plain, sameOnce } from './once.ts'
import { mustReach, seerOf, who } from './permission.ts'

/** A room's day, and booking at the counter for those who do not do it themselves. */
export function bookingRoutes(app: App, ctx: Context): void {
  const config = { roles: may.decide }
  const see = { roles: may.help }

  const day = { params: ById, querystring: OfDay, response: gives(200, RoomDay) }
  app.get('/api/rooms/:id/day', { schema: day, config: see }, async request => {
    await mustReach(ctx, who(request), { thing: 'rooms', id: request.params.id })
    return dayOfRoom(ctx, request.params.id, request.query.day)
  })

  const names = { params: ById, body: AskNames, response: gives(200, Names) }
  app.post('/api/rooms/:id/names', { schema: names, config: see }, async request => {
    const seer = seerOf(who(request))
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'rooms', id })
    const work = derived(
      within => askNames(within, { id, ...seer, ...request.body }),
      asked => tellNames(ctx, asked),
    )
    return sameOnce(ctx, request, work)
  })

  const make = { params: ById, body: NewBookingFor, response: gives(201, BookedFor) }
  app.post('/api/rooms/:id/bookings', { schema: make, config }, async (request, reply) => {
    const session = who(request)
    const { id: roomId } = request.params
    const { residentId, means, badge } = request.body
    await mustReach(ctx, session, { thing: 'rooms', id: roomId })
    await mustReach(ctx, session, { thing: 'residents', id: residentId, field: 'residentId' })
    const wanted = { roomId, residentId, means, badge, bookedBy: session.actorId, ...spanOf(request.body) }
    const work = derived(within => book(within, wanted), tellWithCode)
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const change = { params: ById, body: ChangeBookingOf, response: gives(200, BookedFor) }
  app.post('/api/bookings/:id/change', { schema: change, config }, async request => {
    const { actorId: changedBy } = who(request)
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'bookings', id })
    const { badge } = request.body
    const work = derived(
      within => changeBooking(within, { id, changedBy, badge, ...spanOf(request.body) }),
      tellWithCode,
    )
    return sameOnce(ctx, request, work)
  })

  /** A rotating one is on the member's own page. */
  async function tellWithCode({ id }: { id: string }) {
    const [told, booking] = await Promise.all([tellBooking(ctx, id), bookingById(ctx.sql, id)])
    return booking?.means === 'code' ? { ...told, code: await codeOfGrant(ctx, booking.grantId!) } : told
  }

  const cancel = { params: ById, body: WithReason, response: gives(200, BookingNow) }
  app.post('/api/bookings/:id/cancel', { schema: cancel, config }, async request => {
    const { actorId } = who(request)
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'bookings', id })
    const work = plain(within => cancelBooking(within, { id, actorId, reason: request.body.reason }))
    return sameOnce(ctx, request, work)
  })

  const cancelAll = { params: ById, body: WithReason, response: gives(200, WorkshopNow) }
  app.post('/api/workshops/:id/cancel', { schema: cancelAll, config }, async request => {
    const { actorId } = who(request)
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'workshops', id })
    const work = plain(within => cancelWorkshop(within, { id, actorId, reason: request.body.reason }))
    return sameOnce(ctx, request, work)
  })
}
