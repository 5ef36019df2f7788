import { AuditView, EndedAudit, NewAudit, RunningAudits } from '../../schema/api/audits.ts'
import { LookedNow, OfSite } from '../../schema/api/caretaker.ts'
import { ReturnBox } from '../../schema/api/counter.ts'
import { may } from '../../schema/api/roles.ts'
import { ById, MadeId, WithReason } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { endAudit, startAudit, tellAudit } from '../domain/audits.ts'
import { retireBox, returnBox } from '../domain/retire-box.ts'
import { runningAudits } from '../store/audits.ts'
import { type App, gives } from './app.ts'
import { plain, sameOnce } from './once.ts'
import { mustReach, mustWorkAt, who } from './permission.ts'

const config = { roles: may.decide }

/** Boxes out of service and back, and the walk along all of them. */
export function boxRoutes(app: App, ctx: Context): void {
  const retire = { params: ById, body: WithReason, response: gives(200, LookedNow) }
  app.post('/api/doors/:id/retire', { schema: retire, config }, async request => {
    const session = who(request)
    const doorId = request.params.id
    await mustReach(ctx, session, { thing: 'doors', id: doorId })
    const input = { doorId, actorId: session.actorId, reason: request.body.reason }
    return sameOnce(
      ctx,
      request,
      plain(within => retireBox(within, input)),
    )
  })

  const back = { params: ById, body: ReturnBox, response: gives(200, LookedNow) }
  app.post('/api/doors/:id/return', { schema: back, config }, async request => {
    const session = who(request)
    const doorId = request.params.id
    await mustReach(ctx, session, { thing: 'doors', id: doorId })
    const input = { doorId, actorId: session.actorId, ...request.body }
    return sameOnce(
      ctx,
      request,
      plain(within => returnBox(within, input)),
    )
  })

  app.post(
    '/api/audits',
    { schema: { body: NewAudit, response: gives(201, MadeId) }, config },
    async (request, reply) => {
      const session = who(request)
      const { controllerId, reason } = request.body
      await mustReach(ctx, session, { thing: 'controllers', id: controllerId, field: 'controllerId' })
      const input = { controllerId, reason, actorId: session.actorId }
      const work = plain(within => startAudit(within, input))
      return reply.code(201).send(await sameOnce(ctx, request, work))
    },
  )

  const running = { querystring: OfSite, response: gives(200, RunningAudits) }
  app.get('/api/audits', { schema: running, config }, async request => {
    mustWorkAt(who(request), request.query.siteId)
    return { items: await runningAudits(ctx.sql, request.query.siteId) }
  })

  const one = { params: ById, response: gives(200, AuditView) }
  app.get('/api/audits/:id', { schema: one, config }, async request => {
    await mustReach(ctx, who(request), { thing: 'audits', id: request.params.id })
    return tellAudit(ctx, request.params.id)
  })

  app.post(
    '/api/audits/:id/end',
    { schema: { params: ById, response: gives(200, EndedAudit) }, config },
    async request => {
      const session = who(request)
      const { id } = request.params
      await mustReach(ctx, session, { thing: 'audits', id })
      const work = plain(within => endAudit(within, { id, actorId: session.actorId }))
      return sameOnce(ctx, request, work)
    },
  )
}
