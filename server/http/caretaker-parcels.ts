import { Code } from '../../schema/api/caretaker.ts'
import {
  BadgeMade,
  CollectFor,
  Correct,
  Corrected,
  CounterParcels,
  FindParcels,
  NewBadge,
  Reassign,
  Reassigned,
} from '../../schema/api/counter.ts'
import { isAllowed, may } from '../../schema/api/roles.ts'
import { Settle, Settled, SuspectFacts, SuspectsOf } from '../../schema/api/settle.ts'
import { ById, WithReason } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { addBadge } from '../domain/badges.ts'
import { collectFor } from '../domain/collect-for.ts'
import { correctParcel } from '../domain/correct.ts'
import { codeOfGrant } from '../domain/grants.ts'
import { rememberLook } from '../domain/name-looks.ts'
import { reissueCode } from '../domain/pickup-code.ts'
import { reassignParcel } from '../domain/reassign.ts'
import type { Session } from '../domain/sessions.ts'
import { settleSuspect } from '../domain/settle.ts'
import { counterParcels } from '../store/counter.ts'
import { suspectFacts } from '../store/suspects.ts'
import { type App, gives } from './app.ts'
import { derived, plain, sameOnce } from './once.ts'
import { mustReach, mustWorkAt, seerOf, who } from './permission.ts'

const config = { roles: may.decide }
const help = { roles: may.help }
const devices = { roles: may.devices }
const seenBy = ({ role }: Session) => ({ alsoOfParcels: isAllowed(role, 'seeParcel') })

/** What a caretaker does about one parcel, each with a reason. */
export function counterRoutes(app: App, ctx: Context): void {
  const find = { querystring: FindParcels, response: gives(200, CounterParcels) }
  app.get('/api/parcels', { schema: find, config: help }, async request => {
    const { siteId, q = '', ended = false } = request.query
    mustWorkAt(who(request), siteId)
    const { items, byName } = await counterParcels(ctx.sql, { siteId, q: q.trim(), ended })
    await rememberLook(ctx, { siteId, how: 'counter', ...seerOf(who(request)), residentIds: byName })
    return { items }
  })

  const newCode = { params: ById, body: WithReason, response: gives(200, Code) }
  app.post('/api/parcels/:id/new-code', { schema: newCode, config }, async request => {
    const session = who(request)
    const { id } = request.params
    await mustReach(ctx, session, { thing: 'parcels', id })
    const input = { id, reason: request.body.reason, actorId: session.actorId }
    const work = derived(
      within => reissueCode(within, input),
      async ({ grantId }) => ({ code: await codeOfGrant(ctx, grantId) }),
    )
    return sameOnce(ctx, request, work)
  })

  const badge = { params: ById, body: NewBadge, response: gives(201, BadgeMade) }
  app.post('/api/parcels/:id/badge', { schema: badge, config }, async (request, reply) => {
    const session = who(request)
    const { id: parcelId } = request.params
    await mustReach(ctx, session, { thing: 'parcels', id: parcelId })
    const work = plain(within => addBadge(within, { parcelId, ...request.body, actorId: session.actorId }))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const reassign = { params: ById, body: Reassign, response: gives(200, Reassigned) }
  app.post('/api/parcels/:id/reassign', { schema: reassign, config }, async request => {
    const session = who(request)
    const { id } = request.params
    await mustReach(ctx, session, { thing: 'parcels', id })
    await mustReach(ctx, session, { thing: 'residents', id: request.body.residentId, field: 'residentId' })
    const work = plain(within => reassignParcel(within, { id, ...request.body, actorId: session.actorId }))
    return sameOnce(ctx, request, work)
  })

  const collect = { params: ById, body: WithReason, response: gives(202, CollectFor) }
  app.post('/api/parcels/:id/collect-for', { schema: collect, config: help }, async (request, reply) => {
    const session = who(request)
    const { id } = request.params
    await mustReach(ctx, session, { thing: 'parcels', id })
    const work = plain(within => collectFor(within, { id, ...request.body, actorId: session.actorId }))
    return reply.code(202).send(await sameOnce(ctx, request, work))
  })

  const correct = { params: ById, body: Correct, response: gives(200, Corrected) }
  app.post('/api/parcels/:id/correct', { schema: correct, config }, async request => {
    const session = who(request)
    const { id } = request.params
    await mustReach(ctx, session, { thing: 'parcels', id })
    const work = plain(within => correctParcel(within, { id, ...request.body, actorId: session.actorId }))
    return sameOnce(ctx, request, work)
  })

  const suspects = { querystring: SuspectsOf, response: gives(200, SuspectFacts) }
  app.get('/api/suspects', { schema: suspects, config: devices }, async request => {
    const { siteId, settled = false, before = null, limit = 100 } = request.query
    const session = who(request)
    mustWorkAt(session, siteId)
    return { items: await suspectFacts(ctx.sql, { siteId, settled, before, limit, ...seenBy(session) }) }
  })

  app.post(
    '/api/suspects/settle',
    { schema: { body: Settle, response: gives(200, Settled) }, config: devices },
    async request => {
      const session = who(request)
      mustWorkAt(session, request.body.siteId)
      const work = plain(within =>
        settleSuspect(within, { ...request.body, ...seenBy(session), actorId: session.actorId }),
      )
      return sameOnce(ctx, request, work)
    },
  )
}
