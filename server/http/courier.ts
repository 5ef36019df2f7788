import { Availability, AvailabilityQuery, NewParcel, ParcelNow, Placing, Swap } from '../../schema/api/courier.ts'
import { ById } from '../../schema/api/shared.ts'
import { ParcelView } from '../../schema/api/timeline.ts'
import type { Context } from '../context.ts'
import { freeCounts } from '../domain/allocation.ts'
import { cancelParcel, parcelPlaced, placeParcel, swapParcel } from '../domain/parcels.ts'
import { type Session, worksAt } from '../domain/sessions.ts'
import { Refusal } from '../refusal.ts'
import { boxesOf } from '../store/boxes.ts'
import { isOnline, type OneParcel, parcelsWhere, parcelTimeline } from '../store/wall.ts'
import { type App, everybody, gives, couriers as roles } from './app.ts'
import { plain, sameOnce } from './once.ts'
import { mustReach, who } from './permission.ts'

/** A deposit, from "is there room" to the receipt; a caretaker can do the same for a courier. */
export function courierRoutes(app: App, ctx: Context): void {
  const config = { roles }

  const availability = { querystring: AvailabilityQuery, response: gives(200, Availability) }
  app.get('/api/availability', { schema: availability, config }, async request => {
    const { controllerId } = request.query
    await mustReach(ctx, who(request), { thing: 'controllers', id: controllerId, field: 'controllerId' })
    const [online, boxes] = await Promise.all([isOnline(ctx.sql, controllerId), boxesOf(ctx.sql, controllerId)])
    const free = freeCounts(boxes)
    const has = (['S', 'M', 'L', 'XL'] as const).filter(size => boxes.some(box => box.size === size))
    return { controllerId, online, sizes: has.map(size => ({ size, free: free[size] })) }
  })

  const place = { body: NewParcel, response: gives(201, Placing) }
  app.post('/api/parcels', { schema: place, config }, async (request, reply) => {
    const session = who(request)
    const { controllerId, residentId, flat } = request.body
    await mustReach(ctx, session, { thing: 'controllers', id: controllerId, field: 'controllerId' })
    if (residentId) await mustReach(ctx, session, { thing: 'residents', id: residentId, field: 'residentId' })
    if (!residentId && !flat) throw new Refusal('invalid', { field: 'residentId' })
    const actor = { actorId: session.actorId, ...(session.role === 'courier' ? { carrierId: session.actorId } : {}) }
    const work = plain(within => placeParcel(within, { ...request.body, ...actor }))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const settle = { schema: { params: ById, response: gives(200, ParcelNow) }, config }
  app.post('/api/parcels/:id/placed', settle, async request => {
    const id = await own(ctx, who(request), request.params.id)
    return sameOnce(
      ctx,
      request,
      plain(within => parcelPlaced(within, id)),
    )
  })

  app.post('/api/parcels/:id/cancel', settle, async request => {
    const id = await own(ctx, who(request), request.params.id)
    return sameOnce(
      ctx,
      request,
      plain(within => cancelParcel(within, id)),
    )
  })

  const swap = { params: ById, body: Swap, response: gives(201, Placing) }
  app.post('/api/parcels/:id/swap', { schema: swap, config }, async (request, reply) => {
    const id = await own(ctx, who(request), request.params.id)
    const work = plain(within => swapParcel(within, id, request.body))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const view = { params: ById, response: gives(200, ParcelView) }
  app.get('/api/parcels/:id', { schema: view, config: { roles: everybody } }, async request => {
    const { residentId: _, carrierId: __, ...parcel } = await visible(ctx, who(request), request.params.id)
    return { ...parcel, timeline: await parcelTimeline(ctx.sql, parcel.id) }
  })
}

function maySee(session: Session, parcel: OneParcel): boolean {
  if (!worksAt(session, parcel.siteId)) return false
  if (session.role === 'resident') return parcel.residentId === session.actorId
  if (session.role === 'courier') return parcel.carrierId === session.actorId
  return true
}

async function visible(ctx: Context, session: Session, id: string): Promise<OneParcel> {
  const [parcel] = await parcelsWhere(ctx.sql, { id })
  if (!parcel || !maySee(session, parcel)) throw new Refusal('not-found', { field: 'id' })
  return parcel
}

const own = async (ctx: Context, session: Session, id: string): Promise<string> => (await visible(ctx, session, id)).id
