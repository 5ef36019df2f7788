import { CarrierCode, CarrierMade, Carriers, NewCarrier, OfSite } from '../../schema/api/caretaker.ts'
import { may } from '../../schema/api/roles.ts'
import { ById, MadeId, WithReason } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { createCarrier, endCarrier, newCarrierCode } from '../domain/carriers.ts'
import { carriersOf } from '../store/accounts.ts'
import { type App, gives } from './app.ts'
import { plain, sameOnce, shownOnce } from './once.ts'
import { mustReach, mustWorkAt, who } from './permission.ts'

/** Carriers of a site and the codes their couriers sign in with. */
export function carrierRoutes(app: App, ctx: Context): void {
  const config = { roles: may.settings }

  const add = { body: NewCarrier, response: gives(201, CarrierMade) }
  app.post('/api/carriers', { schema: add, config }, async (request, reply) => {
    mustWorkAt(who(request), request.body.siteId)
    const make = (within: Context) => createCarrier(within, request.body)
    const work = request.body.code === undefined ? shownOnce(make) : plain(make)
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const list = { querystring: OfSite, response: gives(200, Carriers) }
  app.get('/api/carriers', { schema: list, config }, async request => {
    mustWorkAt(who(request), request.query.siteId)
    return { items: await carriersOf(ctx.sql, request.query.siteId) }
  })

  const code = { params: ById, body: WithReason, response: gives(201, CarrierCode) }
  app.post('/api/carriers/:id/code', { schema: code, config }, async (request, reply) => {
    const { actorId } = who(request)
    const { id } = request.params
    const siteId = await mustReach(ctx, who(request), { thing: 'carriers', id })
    const work = shownOnce(within => newCarrierCode(within, { ...request.body, id, siteId, actorId }))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const end = { params: ById, body: WithReason, response: gives(200, MadeId) }
  app.post('/api/carriers/:id/end', { schema: end, config }, async request => {
    const { actorId } = who(request)
    const { id } = request.params
    const siteId = await mustReach(ctx, who(request), { thing: 'carriers', id })
    const work = plain(within => endCarrier(within, { ...request.body, id, siteId, actorId }))
    return sameOnce(ctx, request, work)
  })
}
