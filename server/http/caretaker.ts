import { FindResidents, Looked, NewCarrier, NewGrant, NewResident, OfSite } from '../../schema/api/caretaker.ts'
import { ById, WithReason } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { createCarrier } from '../domain/accounts.ts'
import { codeOfGrant, makeGrant, revokeGrant } from '../domain/grants.ts'
import { doorLooked } from '../domain/looked.ts'
import { openDoor } from '../domain/orders.ts'
import { parcelCode } from '../domain/parcels.ts'
import { createResident, findResidents } from '../domain/residents.ts'
import { Refusal } from '../refusal.ts'
import { carriersOf } from '../store/accounts.ts'
import { orderViews, wallDoors } from '../store/wall.ts'
import { type App, couriers, caretakers as roles } from './app.ts'
import { plain, sameOnce, shownOnce } from './once.ts'
import { mustReach, mustWorkAt, who } from './permission.ts'

/** What a caretaker can do with doors and people; controllers and history have files of their own. */
export function caretakerRoutes(app: App, ctx: Context): void {
  const config = { roles }

  app.get('/api/doors', { schema: { querystring: OfSite }, config }, async request => {
    mustWorkAt(who(request), request.query.siteId)
    return { items: await wallDoors(ctx.sql, request.query.siteId) }
  })

  app.post('/api/doors/:id/open', { schema: { params: ById, body: WithReason }, config }, async (request, reply) => {
    const session = who(request)
    await mustReach(ctx, session, 'doors', request.params.id)
    const input = { doorId: request.params.id, actorId: session.actorId, reason: request.body.reason }
    const answer = await sameOnce(
      ctx,
      request,
      plain(async () => ({ orderId: (await openDoor(ctx, input)).orderId })),
    )
    return reply.code(202).send(answer)
  })

  app.post('/api/doors/:id/looked', { schema: { params: ById, body: Looked }, config }, async request => {
    const session = who(request)
    await mustReach(ctx, session, 'doors', request.params.id)
    const { found, reason } = request.body
    return sameOnce(
      ctx,
      request,
      plain(async () => {
        await doorLooked(ctx, {
          doorId: request.params.id,
          found,
          actorId: session.actorId,
          ...(reason ? { reason } : {}),
        })
        return { id: request.params.id }
      }),
    )
  })

  app.get('/api/orders/:id', { schema: { params: ById }, config: { roles: couriers } }, async request => {
    const session = who(request)
    const [order] = await orderViews(ctx.sql, [request.params.id])
    mustWorkAt(session, order?.siteId)
    if (session.role === 'courier' && order?.madeBy !== session.actorId) throw new Refusal('not-found')
    return order
  })

  app.post('/api/residents', { schema: { body: NewResident }, config }, async (request, reply) => {
    mustWorkAt(who(request), request.body.siteId)
    const { siteId, name, flat, pin } = request.body
    const work = shownOnce(
      () => createResident(ctx, { siteId, name, flat, ...(pin ? { pin } : {}) }),
      ({ id }) => ({ id }),
    )
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send(await sameOnce(ctx, request, work))
  })

  app.get('/api/residents', { schema: { querystring: FindResidents }, config }, async request => {
    const session = who(request)
    const siteId = request.query.siteId ?? session.siteIds?.[0]
    if (siteId === undefined) throw new Refusal('invalid', { field: 'siteId' })
    mustWorkAt(session, siteId)
    return { items: await findResidents(ctx, { siteId, q: request.query.q ?? '' }) }
  })

  app.post('/api/carriers', { schema: { body: NewCarrier }, config }, async (request, reply) => {
    mustWorkAt(who(request), request.body.siteId)
    return reply.code(201).send(
      await sameOnce(
        ctx,
        request,
        plain(() => createCarrier(ctx, request.body)),
      ),
    )
  })

  app.get('/api/carriers', { schema: { querystring: OfSite }, config }, async request => {
    mustWorkAt(who(request), request.query.siteId)
    return { items: await carriersOf(ctx.sql, request.query.siteId) }
  })

  app.post('/api/parcels/:id/code', { schema: { params: ById, body: WithReason }, config }, async (request, reply) => {
    const session = who(request)
    await mustReach(ctx, session, 'parcels', request.params.id)
    const answer = await parcelCode(ctx, {
      id: request.params.id,
      reason: request.body.reason,
      actorId: session.actorId,
    })
    return reply.header('cache-control', 'no-store').send(answer)
  })

  app.post('/api/grants', { schema: { body: NewGrant }, config }, async (request, reply) => {
    const session = who(request)
    await mustReach(ctx, session, 'doors', request.body.doorId)
    const { from, until, ...rest } = request.body
    const withCode = async (id: string) => (rest.means === 'code' ? { id, code: await codeOfGrant(ctx, id) } : { id })
    const answer = await sameOnce(ctx, request, {
      work: async () => {
        const input = { ...rest, from: new Date(from), until: new Date(until), madeBy: session.actorId }
        return withCode((await makeGrant(ctx, input)).id)
      },
      keep: ({ id }) => ({ id }),
      again: kept => withCode(String(kept.id)),
    })
    return reply.code(201).header('cache-control', 'no-store').send(answer)
  })

  app.delete('/api/grants/:id', { schema: { params: ById }, config }, async (request, reply) => {
    const session = who(request)
    await mustReach(ctx, session, 'grants', request.params.id)
    await revokeGrant(ctx, { id: request.params.id, actorId: session.actorId })
    return reply.code(204).send()
  })
}
