import { Code, Doors, Looked, LookedNow, OfSite, Ordered, SetMode } from '../../schema/api/caretaker.ts'
import { may } from '../../schema/api/roles.ts'
import { ById, MadeId, WithReason } from '../../schema/api/shared.ts'
import { OrderView } from '../../schema/api/wall.ts'
import type { Context } from '../context.ts'
import { endAlarm } from '../domain/door-alarms.ts'
import { codeOfGrant } from '../domain/grants.ts'
import { doorLooked } from '../domain/looked.ts'
import { openDoor, setMode } from '../domain/orders.ts'
import { askForCode } from '../domain/pickup.ts'
import { doorFor } from '../domain/seen.ts'
import { Refusal } from '../refusal.ts'
import { orderViews, wallDoors } from '../store/wall.ts'
import { type App, gives } from './app.ts'
import { derived, plain, sameOnce } from './once.ts'
import { mustReach, mustWorkAt, who } from './permission.ts'

/** What can be done with doors; grants, controllers and history have files of their own. */
export function doorRoutes(app: App, ctx: Context): void {
  app.get(
    '/api/doors',
    { schema: { querystring: OfSite, response: gives(200, Doors) }, config: { roles: may.watch } },
    async request => {
      const session = who(request)
      mustWorkAt(session, request.query.siteId)
      const doors = await wallDoors(ctx.sql, request.query.siteId)
      return { items: doors.map(door => doorFor(session.role, door)) }
    },
  )

  const open = { params: ById, body: WithReason, response: gives(202, Ordered) }
  app.post('/api/doors/:id/open', { schema: open, config: { roles: may.open } }, async (request, reply) => {
    const session = who(request)
    const doorId = request.params.id
    await mustReach(ctx, session, { thing: 'doors', id: doorId })
    const input = { doorId, actorId: session.actorId, reason: request.body.reason }
    const work = plain(within => openDoor(within, input))
    return reply.code(202).send(await sameOnce(ctx, request, work))
  })

  const mode = { params: ById, body: SetMode, response: gives(202, Ordered) }
  app.post('/api/doors/:id/mode', { schema: mode, config: { roles: may.decide } }, async (request, reply) => {
    const session = who(request)
    const doorId = request.params.id
    await mustReach(ctx, session, { thing: 'doors', id: doorId })
    const { mode, forMs, reason } = request.body
    if ((mode === 'normal') !== (forMs === undefined)) throw new Refusal('invalid', { field: 'forMs' })
    const input = { doorId, actorId: session.actorId, reason, mode, forMs: forMs ?? 0 }
    const work = plain(within => setMode(within, input))
    return reply.code(202).send(await sameOnce(ctx, request, work))
  })

  const looked = { params: ById, body: Looked, response: gives(200, LookedNow) }
  app.post('/api/doors/:id/looked', { schema: looked, config: { roles: may.help } }, async request => {
    const session = who(request)
    const doorId = request.params.id
    await mustReach(ctx, session, { thing: 'doors', id: doorId })
    const { found, reason } = request.body
    const work = plain(within => doorLooked(within, { doorId, found, reason, actorId: session.actorId }))
    return sameOnce(ctx, request, work)
  })

  const quiet = { params: ById, body: WithReason, response: gives(200, MadeId) }
  app.post('/api/doors/:id/end-alarm', { schema: quiet, config: { roles: may.help } }, async request => {
    const session = who(request)
    const doorId = request.params.id
    await mustReach(ctx, session, { thing: 'doors', id: doorId })
    const input = { doorId, actorId: session.actorId, reason: request.body.reason }
    return sameOnce(
      ctx,
      request,
      plain(within => endAlarm(within, input)),
    )
  })

  const order = { params: ById, response: gives(200, OrderView) }
  app.get('/api/orders/:id', { schema: order, config: { roles: may.seeOrder } }, async request => {
    const session = who(request)
    const [found] = await orderViews(ctx.sql, [request.params.id])
    mustWorkAt(session, found?.siteId, 'id')
    const { siteId: _, ...order } = found!
    if (session.role === 'courier' && order.madeBy !== session.actorId) throw new Refusal('not-found', { field: 'id' })
    return order
  })
}

/** The code of a parcel, read out to somebody. */
export function codeRoutes(app: App, ctx: Context): void {
  const code = { params: ById, body: WithReason, response: gives(200, Code) }
  app.post('/api/parcels/:id/code', { schema: code, config: { roles: may.decide } }, async request => {
    const session = who(request)
    const { id } = request.params
    await mustReach(ctx, session, { thing: 'parcels', id })
    const input = { id, reason: request.body.reason, actorId: session.actorId }
    const work = derived(
      within => askForCode(within, input),
      async ({ grantId }) => ({ code: await codeOfGrant(ctx, grantId) }),
    )
    return sameOnce(ctx, request, work)
  })
}
