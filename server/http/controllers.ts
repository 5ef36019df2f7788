import { MaybeOfSite, NewController } from '../../schema/api/caretaker.ts'
import { ByController, WithReason } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { enrolController, newCredentials, retireController } from '../domain/controllers.ts'
import { worksAt } from '../domain/sessions.ts'
import { Refusal } from '../refusal.ts'
import { wallControllers, wallDoors } from '../store/wall.ts'
import { type App, caretakers as roles } from './app.ts'
import { plain, sameOnce, shownOnce } from './once.ts'
import { mustReach, mustWorkAt, who } from './permission.ts'

/** A caretaker's controllers: enrol, look after, retire. */
export function controllerRoutes(app: App, ctx: Context): void {
  const config = { roles }

  app.post('/api/controllers', { schema: { body: NewController }, config }, async (request, reply) => {
    mustWorkAt(who(request), request.body.siteId)
    const work = shownOnce(
      () => enrolController(ctx, request.body),
      ({ id }) => ({ id }),
    )
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send(await sameOnce(ctx, request, work))
  })

  app.get('/api/controllers', { schema: { querystring: MaybeOfSite }, config }, async request => {
    const { siteId } = request.query
    const session = who(request)
    if (siteId !== undefined && !worksAt(session, siteId)) throw new Refusal('not-found')
    return { items: await wallControllers(ctx.sql, { siteIds: siteId ? [siteId] : session.siteIds }) }
  })

  app.get('/api/controllers/:id', { schema: { params: ByController }, config }, async request => {
    const { id } = request.params
    const siteId = await mustReach(ctx, who(request), 'controllers', id)
    const [controller] = await wallControllers(ctx.sql, { siteIds: [siteId], ids: [id] })
    const doors = (await wallDoors(ctx.sql, siteId)).filter(door => door.controllerId === id)
    return { ...controller, doors }
  })

  const withReason = { schema: { params: ByController, body: WithReason }, config }

  app.post('/api/controllers/:id/credentials', withReason, async (request, reply) => {
    const { id } = request.params
    const session = who(request)
    await mustReach(ctx, session, 'controllers', id)
    const input = { id, actorId: session.actorId, reason: request.body.reason }
    const work = shownOnce(
      () => newCredentials(ctx, input),
      () => ({ id }),
    )
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send(await sameOnce(ctx, request, work))
  })

  app.post('/api/controllers/:id/retire', withReason, async request => {
    const { id } = request.params
    const session = who(request)
    await mustReach(ctx, session, 'controllers', id)
    const input = { id, actorId: session.actorId, reason: request.body.reason }
    return sameOnce(
      ctx,
      request,
      plain(async () => {
        await retireController(ctx, input)
        return { id }
      }),
    )
  })
}
