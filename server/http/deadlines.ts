import { ChangeRules, Extend, HoldFor, NewDeadline, SiteRules } from '../../schema/api/deadlines.ts'
import { may } from '../../schema/api/roles.ts'
import { ById } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { extendParcel, holdParcelFor } from '../domain/parcel-deadlines.ts'
import { changeRules, siteRulesNow } from '../domain/site-rules.ts'
import { Refusal } from '../refusal.ts'
import { type App, gives } from './app.ts'
import { plain, sameOnce } from './once.ts'
import { mustWorkAt, visibleParcel, who } from './permission.ts'

/** How long parcels wait: more time for one of them, and the rules of a site. */
export function deadlineRoutes(app: App, ctx: Context): void {
  const config = { roles: may.speak }

  const extend = { params: ById, body: Extend, response: gives(200, NewDeadline) }
  app.post('/api/parcels/:id/extend', { schema: extend, config }, async request => {
    const session = who(request)
    const { id } = request.params
    await visibleParcel(ctx, session, id)
    const { reason } = request.body
    // a resident is counted, a caretaker gives a reason
    if ((session.role === 'resident') !== (reason === undefined)) throw new Refusal('invalid', { field: 'reason' })
    const work = plain(within => extendParcel(within, { id, actorId: session.actorId, reason }))
    return sameOnce(ctx, request, work)
  })

  const hold = { params: ById, body: HoldFor, response: gives(200, NewDeadline) }
  app.post('/api/parcels/:id/hold', { schema: hold, config }, async request => {
    const session = who(request)
    const { id } = request.params
    await visibleParcel(ctx, session, id)
    const { until } = request.body
    const work = plain(within => holdParcelFor(within, { id, actorId: session.actorId, until }))
    return sameOnce(ctx, request, work)
  })

  const settings = { roles: may.settings }
  const rules = { params: ById, response: gives(200, SiteRules) }
  app.get('/api/sites/:id/rules', { schema: rules, config: settings }, async request => {
    mustWorkAt(who(request), request.params.id, 'id')
    return siteRulesNow(ctx.sql, request.params.id)
  })

  const change = { params: ById, body: ChangeRules, response: gives(200, SiteRules) }
  app.post('/api/sites/:id/rules', { schema: change, config: settings }, async request => {
    const { actorId } = who(request)
    const { id } = request.params
    mustWorkAt(who(request), id, 'id')
    const work = plain(within => changeRules(within, { id, actorId, rules: request.body }))
    return sameOnce(ctx, request, work)
  })
}
