import { may } from '../../schema/api/roles.ts'
import { EntryCode } from '../../schema/api/rooms.ts'
import { ById, MadeId } from '../../schema/api/shared.ts'
import { NewWorkshop, OwnWorkshops, SeatNow, SignUp, WorkshopNow } from '../../schema/api/workshops.ts'
import type { Context } from '../context.ts'
import { entryCode } from '../domain/entry.ts'
import { announceWorkshop, cancelWorkshop, leaveWorkshop, signUp } from '../domain/workshops.ts'
import { Refusal } from '../refusal.ts'
import { entryGrantOf, workshopsFor } from '../store/workshops.ts'
import { type App, gives } from './app.ts'
import { spanOf } from './my-rooms.ts'
import { plain, sameOnce } from './once.ts'
import { mustReach, who } from './permission.ts'

/** A volunteer announces a workshop, members sign up, each gets the entry for its time. */
export function myWorkshopRoutes(app: App, ctx: Context): void {
  const config = { roles: may.own }

  app.get('/api/me/workshops', { schema: { response: gives(200, OwnWorkshops) }, config }, async request => ({
    items: await workshopsFor(ctx.sql, who(request).actorId, ctx.now()),
  }))

  const make = { body: NewWorkshop, response: gives(201, MadeId) }
  app.post('/api/me/workshops', { schema: make, config }, async (request, reply) => {
    const session = who(request)
    await mustReach(ctx, session, { thing: 'rooms', id: request.body.roomId, field: 'roomId' })
    const wanted = { ...request.body, ...spanOf(request.body), hostId: session.actorId }
    const work = plain(within => announceWorkshop(within, wanted))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const join = { params: ById, body: SignUp, response: gives(200, SeatNow) }
  app.post('/api/me/workshops/:id/sign-up', { schema: join, config }, async request => {
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'workshops', id })
    const seat = { id, residentId: who(request).actorId, means: request.body.means }
    const work = plain(within => signUp(within, seat))
    return sameOnce(ctx, request, work)
  })

  const leave = { params: ById, response: gives(200, SeatNow) }
  app.post('/api/me/workshops/:id/leave', { schema: leave, config }, async request => {
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'workshops', id })
    const work = plain(within => leaveWorkshop(within, { id, residentId: who(request).actorId }))
    return sameOnce(ctx, request, work)
  })

  const cancel = { params: ById, response: gives(200, WorkshopNow) }
  app.post('/api/me/workshops/:id/cancel', { schema: cancel, config }, async request => {
    const { actorId } = who(request)
    const work = plain(within => cancelWorkshop(within, { id: request.params.id, hostId: actorId, actorId }))
    return sameOnce(ctx, request, work)
  })

  const code = { params: ById, response: gives(200, EntryCode) }
  app.get('/api/me/workshops/:id/code', { schema: code, config }, async request => {
    const grantId = await entryGrantOf(ctx.sql, { id: request.params.id, residentId: who(request).actorId })
    if (!grantId) throw new Refusal('not-found', { field: 'id' })
    return entryCode(ctx, grantId)
  })
}
