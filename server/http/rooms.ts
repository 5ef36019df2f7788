import { may } from '../../schema/api/roles.ts'
import {
  ChangeRoom,
  ForTime,
  HoursNow,
  ModeOrders,
  NewRoom,
  Rooms,
  RoomsQuery,
  SetException,
  SetHours,
} from '../../schema/api/rooms.ts'
import { ById, MadeId, WithReason } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { roomsOf } from '../domain/room-day.ts'
import { changeRoom, makeRoom, retireRoom, setException, setHours } from '../domain/rooms.ts'
import { setSiteMode } from '../domain/site-mode.ts'
import { type App, gives } from './app.ts'
import { plain, sameOnce } from './once.ts'
import { mustReach, mustWorkAt, who } from './permission.ts'

/** The rooms of a site: what can be booked when, and all of them held open or shut at once. */
export function roomRoutes(app: App, ctx: Context): void {
  const config = { roles: may.settings }
  const decide = { roles: may.decide }

  app.get(
    '/api/rooms',
    { schema: { querystring: RoomsQuery, response: gives(200, Rooms) }, config: { roles: may.help } },
    async request => {
      mustWorkAt(who(request), request.query.siteId)
      return { items: await roomsOf(ctx, request.query.siteId) }
    },
  )

  app.post(
    '/api/rooms',
    { schema: { body: NewRoom, response: gives(201, MadeId) }, config },
    async (request, reply) => {
      const session = who(request)
      await mustReach(ctx, session, { thing: 'doors', id: request.body.doorId, field: 'doorId' })
      const work = plain(within => makeRoom(within, { ...request.body, actorId: session.actorId }))
      return reply.code(201).send(await sameOnce(ctx, request, work))
    },
  )

  const change = { params: ById, body: ChangeRoom, response: gives(200, MadeId) }
  app.post('/api/rooms/:id/change', { schema: change, config }, async request => {
    const { actorId } = who(request)
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'rooms', id })
    const work = plain(within => changeRoom(within, { id, actorId, rules: request.body }))
    return sameOnce(ctx, request, work)
  })

  const retire = { params: ById, body: WithReason, response: gives(200, MadeId) }
  app.post('/api/rooms/:id/retire', { schema: retire, config }, async request => {
    const { actorId } = who(request)
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'rooms', id })
    const work = plain(within => retireRoom(within, { id, actorId, reason: request.body.reason }))
    return sameOnce(ctx, request, work)
  })

  const hours = { params: ById, body: SetHours, response: gives(200, HoursNow) }
  app.post('/api/rooms/:id/hours', { schema: hours, config }, async request => {
    const { actorId } = who(request)
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'rooms', id })
    const work = plain(within => setHours(within, { id, actorId, hours: request.body.hours }))
    return sameOnce(ctx, request, work)
  })

  const exception = { params: ById, body: SetException, response: gives(200, HoursNow) }
  app.post('/api/rooms/:id/exceptions', { schema: exception, config }, async request => {
    const { actorId } = who(request)
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'rooms', id })
    const work = plain(within => setException(within, { id, actorId, ...request.body }))
    return sameOnce(ctx, request, work)
  })

  for (const [path, mode] of [
    ['/api/sites/:id/lock-down', 'locked'],
    ['/api/sites/:id/hold-open', 'free'],
  ] as const)
    app.post(
      path,
      { schema: { params: ById, body: ForTime, response: gives(202, ModeOrders) }, config: decide },
      async (request, reply) => {
        const { actorId } = who(request)
        const { id: siteId } = request.params
        mustWorkAt(who(request), siteId, 'id')
        const work = plain(within => setSiteMode(within, { siteId, actorId, mode, ...request.body }))
        return reply.code(202).send(await sameOnce(ctx, request, work))
      },
    )

  const normal = { params: ById, body: WithReason, response: gives(202, ModeOrders) }
  app.post('/api/sites/:id/normal', { schema: normal, config: decide }, async (request, reply) => {
    const { actorId } = who(request)
    const { id: siteId } = request.params
    mustWorkAt(who(request), siteId, 'id')
    const usual = { mode: 'normal', forMs: 0 } as const
    const work = plain(within => setSiteMode(within, { siteId, actorId, ...usual, ...request.body }))
    return reply.code(202).send(await sameOnce(ctx, request, work))
  })
}
