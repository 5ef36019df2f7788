import {
  Controllers,
  ControllerWithDoors,
  Credentials,
  MaybeOfSite,
  NewController,
  PlaceDoors,
} from '../../schema/api/caretaker.ts'
import { may } from '../../schema/api/roles.ts'
import { ByController, MadeId, WithReason } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { enrolController, newCredentials, retireController } from '../domain/controllers.ts'
import { placeDoors } from '../domain/places.ts'
import { doorFor } from '../domain/seen.ts'
import { wallControllers, wallDoors } from '../store/wall.ts'
import { type App, gives } from './app.ts'
import { plain, sameOnce, shownOnce } from './once.ts'
import { mustReach, mustWorkAt, who } from './permission.ts'

/** Controllers: enrol, look after, retire. */
export function controllerRoutes(app: App, ctx: Context): void {
  const config = { roles: may.devices }
  const watch = { roles: may.watch }

  const enrol = { body: NewController, response: gives(201, Credentials) }
  app.post('/api/controllers', { schema: enrol, config }, async (request, reply) => {
    mustWorkAt(who(request), request.body.siteId)
    const work = shownOnce(within => enrolController(within, request.body))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const list = { querystring: MaybeOfSite, response: gives(200, Controllers) }
  app.get('/api/controllers', { schema: list, config: watch }, async request => {
    const { siteId } = request.query
    const session = who(request)
    if (siteId !== undefined) mustWorkAt(session, siteId)
    return { items: await wallControllers(ctx.sql, { siteIds: siteId ? [siteId] : session.siteIds }) }
  })

  const one = { params: ByController, response: gives(200, ControllerWithDoors) }
  app.get('/api/controllers/:id', { schema: one, config: watch }, async request => {
    const { id } = request.params
    const session = who(request)
    const siteId = await mustReach(ctx, session, { thing: 'controllers', id })
    const [controller] = await wallControllers(ctx.sql, { siteIds: [siteId], ids: [id] })
    const doors = (await wallDoors(ctx.sql, siteId)).filter(door => door.controllerId === id)
    return { ...controller!, doors: doors.map(door => doorFor(session.role, door)) }
  })

  const place = { params: ByController, body: PlaceDoors, response: gives(200, MadeId) }
  app.post('/api/controllers/:id/places', { schema: place, config }, async request => {
    const { id } = request.params
    const { actorId } = who(request)
    await mustReach(ctx, who(request), { thing: 'controllers', id })
    const work = plain(within => placeDoors(within, { id, actorId, doors: request.body.doors }))
    return sameOnce(ctx, request, work)
  })

  const renew = { params: ByController, body: WithReason, response: gives(201, Credentials) }
  app.post('/api/controllers/:id/credentials', { schema: renew, config }, async (request, reply) => {
    const { id } = request.params
    const session = who(request)
    await mustReach(ctx, session, { thing: 'controllers', id })
    const input = { id, actorId: session.actorId, reason: request.body.reason }
    const work = shownOnce(within => newCredentials(within, input))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const retire = { params: ByController, body: WithReason, response: gives(200, MadeId) }
  app.post('/api/controllers/:id/retire', { schema: retire, config }, async request => {
    const { id } = request.params
    const session = who(request)
    await mustReach(ctx, session, { thing: 'controllers', id })
    const input = { id, actorId: session.actorId, reason: request.body.reason }
    return sameOnce(
      ctx,
      request,
      plain(within => retireController(within, input)),
    )
  })
}
