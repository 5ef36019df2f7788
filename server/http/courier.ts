import { AvailabilityQuery, NewParcel, Swap } from '../../schema/api/courier.ts'
import { ById } from '../../schema/api/shared.ts'
import type { ParcelView } from '../../schema/api/timeline.ts'
import type { Context } from '../context.ts'
import { freeCounts } from '../domain/allocation.ts'
import { cancelParcel, parcelPlaced, placeParcel, swapParcel } from '../domain/parcels.ts'
import { type Session, worksAt } from '../domain/sessions.ts'
import { Refusal } from '../refusal.ts'
import { boxesOf } from '../store/boxes.ts'
import { isOnline, type OneParcel, parcelsWhere, parcelTimeline } from '../store/wall.ts'
import { type App, everybody, couriers as roles } from './app.ts'
import { plain, sameOnce } from './once.ts'
import { mustReach, who } from './permission.ts'

/** A deposit, from "is there room" to the receipt; a caretaker can do the same for a courier. */
export function courierRoutes(app: App, ctx: Context): void {
  const config = { roles }

  app.get('/api/availability', { schema: { querystring: AvailabilityQuery }, config }, async request => {
    const { controllerId } = request.query
    await mustReach(ctx, who(request), 'controllers', controllerId)
    const [online, boxes] = await Promise.all([isOnline(ctx.sql, controllerId), boxesOf(ctx.sql, controllerId)])
    const free = freeCounts(boxes)
    const has = (['S', 'M', 'L', 'XL'] as const).filter(size => boxes.some(box => box.size === size))
    return { controllerId, online, sizes: has.map(size => ({ size, free: free[size] })) }
  })

  app.post('/api/parcels', { schema: { body: NewParcel }, config }, async (request, reply) => {
    const session = who(request)
    const { carrier: _, ...input } = request.body
    await mustReach(ctx, session, 'controllers', input.controllerId)
    if (input.residentId) await mustReach(ctx, session, 'residents', input.residentId)
    if (!input.residentId && !input.flat) throw new Refusal('invalid', { field: 'residentId' })
    const actor = { actorId: session.actorId, ...(session.role === 'courier' ? { carrierId: session.actorId } : {}) }
    const answer = await sameOnce(
      ctx,
      request,
      plain(() => placeParcel(ctx, { ...input, ...actor })),
    )
    return reply.code(201).send(answer)
  })

  const byId = { schema: { params: ById }, config }

  app.post('/api/parcels/:id/placed', byId, async request => {
    const id = await own(ctx, who(request), request.params.id)
    return sameOnce(
      ctx,
      request,
      plain(async () => shown(await parcelPlaced(ctx, id), await state(ctx, id))),
    )
  })

  app.post('/api/parcels/:id/cancel', byId, async request => {
    const id = await own(ctx, who(request), request.params.id)
    return sameOnce(
      ctx,
      request,
      plain(async () => shown(await cancelParcel(ctx, id), await state(ctx, id))),
    )
  })

  app.post('/api/parcels/:id/swap', { schema: { params: ById, body: Swap }, config }, async (request, reply) => {
    const id = await own(ctx, who(request), request.params.id)
    const answer = await sameOnce(
      ctx,
      request,
      plain(() => swapParcel(ctx, id, request.body)),
    )
    return reply.code(201).send(answer)
  })

  app.get('/api/parcels/:id', { schema: { params: ById }, config: { roles: everybody } }, async request => {
    const session = who(request)
    const [parcel] = await parcelsWhere(ctx.sql, { id: request.params.id })
    if (!parcel || !maySee(session, parcel)) throw new Refusal('not-found')
    const { residentId: _, carrierId: __, ...shownParts } = parcel
    return { ...shownParts, timeline: await parcelTimeline(ctx.sql, parcel.id) } satisfies ParcelView
  })
}

function maySee(session: Session, parcel: OneParcel): boolean {
  if (!worksAt(session, parcel.siteId)) return false
  if (session.role === 'resident') return parcel.residentId === session.actorId
  if (session.role === 'courier') return parcel.carrierId === session.actorId
  return true
}

async function own(ctx: Context, session: Session, id: string): Promise<string> {
  const [parcel] = await parcelsWhere(ctx.sql, { id })
  if (!parcel || !maySee(session, parcel)) throw new Refusal('not-found')
  return id
}

async function state(ctx: Context, id: string) {
  const [parcel] = await parcelsWhere(ctx.sql, { id })
  return { id, receipt: parcel?.receipt, state: parcel?.state, doorId: parcel?.doorId, door: parcel?.door }
}

const shown = (_done: unknown, now: object): object => now
