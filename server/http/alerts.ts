import { AlertNow, Alerts, AlertsQuery, MadeAlert, NewAlert, SettleAlert } from '../../schema/api/alerts.ts'
import { may } from '../../schema/api/roles.ts'
import { ById } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { makeAlert, settleAlert, takeAlert } from '../domain/alerts.ts'
import { alertsOf } from '../store/alerts.ts'
import { type App, gives } from './app.ts'
import { plain, sameOnce } from './once.ts'
import { mustReach, mustWorkAt, visibleParcel, who } from './permission.ts'

/** "Not my parcel", "damaged", "the door did not open": said by its resident or for them, seen to by a caretaker. */
export function alertRoutes(app: App, ctx: Context): void {
  const make = { params: ById, body: NewAlert, response: gives(201, MadeAlert) }
  app.post('/api/parcels/:id/alert', { schema: make, config: { roles: may.speak } }, async (request, reply) => {
    const session = who(request)
    const { id: parcelId } = request.params
    await visibleParcel(ctx, session, parcelId)
    const work = plain(within => makeAlert(within, { parcelId, ...request.body, actorId: session.actorId }))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const config = { roles: may.help }
  const list = { querystring: AlertsQuery, response: gives(200, Alerts) }
  app.get('/api/alerts', { schema: list, config }, async request => {
    mustWorkAt(who(request), request.query.siteId)
    return { items: await alertsOf(ctx.sql, request.query) }
  })

  const take = { params: ById, response: gives(200, AlertNow) }
  app.post('/api/alerts/:id/take', { schema: take, config }, async request => {
    const session = who(request)
    const { id } = request.params
    await mustReach(ctx, session, { thing: 'alerts', id })
    const work = plain(within => takeAlert(within, { id, actorId: session.actorId }))
    return sameOnce(ctx, request, work)
  })

  const settle = { params: ById, body: SettleAlert, response: gives(200, AlertNow) }
  app.post('/api/alerts/:id/settle', { schema: settle, config }, async request => {
    const session = who(request)
    const { id } = request.params
    await mustReach(ctx, session, { thing: 'alerts', id })
    const { note } = request.body
    const work = plain(within => settleAlert(within, { id, actorId: session.actorId, note }))
    return sameOnce(ctx, request, work)
  })
}
