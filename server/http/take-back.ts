import { BanksQuery, ParcelNow, Taking, ToTakeBack } from '../../schema/api/courier.ts'
import { may } from '../../schema/api/roles.ts'
import { ById, items } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { parcelNotThere, parcelTaken } from '../domain/parcels.ts'
import { openToTakeBack } from '../domain/take-back.ts'
import { toTakeBack } from '../store/parcels.ts'
import { type App, gives } from './app.ts'
import { plain, sameOnce } from './once.ts'
import { carrierOf, mustWorkAt, visibleParcel, who } from './permission.ts'

/** Overdue parcels go back with their carrier: one box after the other, each answered with taken or not there. */
export function takeBackRoutes(app: App, ctx: Context): void {
  const config = { roles: may.deposit }

  const overdue = { querystring: BanksQuery, response: gives(200, items(ToTakeBack)) }
  app.get('/api/overdue', { schema: overdue, config }, async request => {
    const session = who(request)
    const { siteId } = request.query
    mustWorkAt(session, siteId)
    const rows = await toTakeBack(ctx.sql, { siteId, carrierId: carrierOf(session).carrierId ?? null })
    return { items: rows.map(row => ({ ...row, deadlineAt: row.deadlineAt.toISOString() })) }
  })

  const take = { params: ById, response: gives(202, Taking) }
  app.post('/api/parcels/:id/take-back', { schema: take, config }, async (request, reply) => {
    const session = who(request)
    const { id } = await visibleParcel(ctx, session, request.params.id)
    const work = plain(within => openToTakeBack(within, { id, actorId: session.actorId }))
    return reply.code(202).send(await sameOnce(ctx, request, work))
  })

  const settle = { schema: { params: ById, response: gives(200, ParcelNow) }, config }
  app.post('/api/parcels/:id/taken', settle, async request => {
    const { id } = await visibleParcel(ctx, who(request), request.params.id)
    return sameOnce(
      ctx,
      request,
      plain(within => parcelTaken(within, id)),
    )
  })

  app.post('/api/parcels/:id/not-there', settle, async request => {
    const { id } = await visibleParcel(ctx, who(request), request.params.id)
    return sameOnce(
      ctx,
      request,
      plain(within => parcelNotThere(within, id)),
    )
  })
}
