import { HandOver, OnShelf, Shelved } from '../../schema/api/courier.ts'
import { may } from '../../schema/api/roles.ts'
import { ById } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { handOver, putOnShelf } from '../domain/shelf.ts'
import { Refusal } from '../refusal.ts'
import { type App, gives } from './app.ts'
import { plain, sameOnce } from './once.ts'
import { carrierOf, mustReach, mustWorkAt, visibleParcel, who } from './permission.ts'

/** When no box fits: the shelf of the conciergerie, and the counter over which it is handed. */
export function shelfRoutes(app: App, ctx: Context): void {
  const shelve = { body: OnShelf, response: gives(201, Shelved) }
  app.post('/api/shelf', { schema: shelve, config: { roles: may.deposit } }, async (request, reply) => {
    const session = who(request)
    const { siteId, residentId, flat } = request.body
    mustWorkAt(session, siteId)
    if (residentId) await mustReach(ctx, session, { thing: 'residents', id: residentId, field: 'residentId' })
    if (!residentId && !flat) throw new Refusal('invalid', { field: 'residentId' })
    const input = { ...request.body, ...carrierOf(session), actorId: session.actorId }
    const work = plain(within => putOnShelf(within, input))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const hand = { params: ById, body: HandOver, response: gives(200, Shelved) }
  app.post('/api/parcels/:id/hand-over', { schema: hand, config: { roles: may.help } }, async request => {
    const session = who(request)
    const { id } = await visibleParcel(ctx, session, request.params.id)
    const work = plain(within => handOver(within, { id, ...request.body, actorId: session.actorId }))
    return sameOnce(ctx, request, work)
  })
}
