import {
  Availability,
  AvailabilityQuery,
  Bank,
  BanksQuery,
  NewParcel,
  ParcelNow,
  Placing,
  Recipient,
  RecipientsQuery,
  Swap,
} from '../../schema/api/courier.ts'
import { may } from '../../schema/api/roles.ts'
import { ById, items } from '../../schema/api/shared.ts'
import { ParcelView } from '../../schema/api/timeline.ts'
import type { Context } from '../context.ts'
import { banksAt, sizesOf } from '../domain/banks.ts'
import { besideOf, joinParcel } from '../domain/join-parcel.ts'
import { cancelParcel, parcelPlaced, placeParcel } from '../domain/parcels.ts'
import { findRecipients } from '../domain/recipients.ts'
import { makeSeenNeighbours } from '../domain/seen-neighbours.ts'
import { swapParcel } from '../domain/swap-parcel.ts'
import { Refusal } from '../refusal.ts'
import { boxesOf } from '../store/boxes.ts'
import { parcelsBrought } from '../store/parcels.ts'
import { parcelTimeline } from '../store/timeline.ts'
import { isOnline } from '../store/wall.ts'
import { type App, gives } from './app.ts'
import { plain, sameOnce } from './once.ts'
import { carrierOf, mustReach, mustWorkAt, visibleParcel, who } from './permission.ts'

/** A courier walks through no building: who looks up more than this is not delivering. */
const lookUpsPerMinute = 30
const hourMs = 3_600_000

/** A deposit, from "is there room" to the receipt; a caretaker can do the same for a courier. */
export function courierRoutes(app: App, ctx: Context): void {
  const roles = may.deposit
  const config = { roles }

  const availability = { querystring: AvailabilityQuery, response: gives(200, Availability) }
  app.get('/api/availability', { schema: availability, config }, async request => {
    const { controllerId } = request.query
    await mustReach(ctx, who(request), { thing: 'controllers', id: controllerId, field: 'controllerId' })
    const [online, boxes] = await Promise.all([isOnline(ctx.sql, controllerId), boxesOf(ctx.sql, controllerId)])
    return { controllerId, online, sizes: sizesOf(boxes) }
  })

  const banks = { querystring: BanksQuery, response: gives(200, items(Bank)) }
  app.get('/api/banks', { schema: banks, config }, async request => {
    mustWorkAt(who(request), request.query.siteId)
    return { items: await banksAt(ctx.sql, request.query.siteId) }
  })

  const look = { querystring: RecipientsQuery, response: gives(200, items(Recipient)) }
  const keyGenerator = (request: { session: { actorId: string } | null; ip: string }) =>
    request.session?.actorId ?? request.ip
  const seeNeighbours = makeSeenNeighbours()
  const rateLimit = { max: lookUpsPerMinute, timeWindow: 60_000, keyGenerator }
  app.get('/api/recipients', { schema: look, config: { roles, rateLimit } }, async request => {
    const session = who(request)
    const { controllerId, q } = request.query
    const siteId = await mustReach(ctx, session, { thing: 'controllers', id: controllerId, field: 'controllerId' })
    const { carrierId } = carrierOf(session)
    const found = await findRecipients(ctx, siteId, q)
    if (carrierId !== undefined) {
      const now = ctx.now()
      const parcels = await parcelsBrought(ctx.sql, { siteId, carrierId, since: new Date(now.getTime() - hourMs) })
      const residentIds = found.map(each => each.residentId)
      seeNeighbours({ sessionId: session.id, carrierId, residentIds, parcels, now })
    }
    const beside = (residentId: string) =>
      carrierId === undefined ? null : besideOf(ctx, { controllerId, residentId, carrierId })
    return {
      items: await Promise.all(found.map(async each => ({ ...each, beside: await beside(each.residentId) }))),
    }
  })

  const place = { body: NewParcel, response: gives(201, Placing) }
  app.post('/api/parcels', { schema: place, config }, async (request, reply) => {
    const session = who(request)
    const { join, ...wanted } = request.body
    const { controllerId, residentId, flat } = wanted
    await mustReach(ctx, session, { thing: 'controllers', id: controllerId, field: 'controllerId' })
    if (residentId) await mustReach(ctx, session, { thing: 'residents', id: residentId, field: 'residentId' })
    if (!residentId && !flat) throw new Refusal('invalid', { field: 'residentId' })
    const { carrierId } = carrierOf(session)
    if (join && carrierId === undefined) throw new Refusal('invalid', { field: 'join' })
    const input = { ...wanted, actorId: session.actorId, carrierId }
    const work = plain(within =>
      join && carrierId ? joinParcel(within, { ...input, carrierId }) : placeParcel(within, input),
    )
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const settle = { schema: { params: ById, response: gives(200, ParcelNow) }, config }
  app.post('/api/parcels/:id/placed', settle, async request => {
    const id = (await visibleParcel(ctx, who(request), request.params.id)).id
    return sameOnce(
      ctx,
      request,
      plain(within => parcelPlaced(within, id)),
    )
  })

  app.post('/api/parcels/:id/cancel', settle, async request => {
    const id = (await visibleParcel(ctx, who(request), request.params.id)).id
    return sameOnce(
      ctx,
      request,
      plain(within => cancelParcel(within, id)),
    )
  })

  const swap = { params: ById, body: Swap, response: gives(201, Placing) }
  app.post('/api/parcels/:id/swap', { schema: swap, config }, async (request, reply) => {
    const id = (await visibleParcel(ctx, who(request), request.params.id)).id
    const work = plain(within => swapParcel(within, id, request.body))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const view = { params: ById, response: gives(200, ParcelView) }
  app.get('/api/parcels/:id', { schema: view, config: { roles: may.seeParcel } }, async request => {
    const { residentId: _, carrierId: __, ...parcel } = await visibleParcel(ctx, who(request), request.params.id)
    return { ...parcel, timeline: await parcelTimeline(ctx.sql, parcel) }
  })
}
