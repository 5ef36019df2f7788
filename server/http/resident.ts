import { OwnLooks } from '../../schema/api/name-looks.ts'
import {
  DelegateGone,
  DelegateMade,
  Needs,
  NeedsNow,
  NewDelegate,
  OwnParcels,
  Profile,
} from '../../schema/api/resident.ts'
import { may } from '../../schema/api/roles.ts'
import { ById } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { addDelegate, revokeDelegate } from '../domain/delegates.ts'
import { codeOfGrant } from '../domain/grants.ts'
import { changeNeeds, ownParcels } from '../domain/own-parcels.ts'
import { Refusal } from '../refusal.ts'
import { looksAt } from '../store/name-looks.ts'
import { profileOf } from '../store/own-parcels.ts'
import { type App, gives } from './app.ts'
import { derived, plain, sameOnce } from './once.ts'
import { visibleParcel, who } from './permission.ts'

/** What a resident can see and do from a phone; their deadlines and contact have routes of their own. */
export function residentRoutes(app: App, ctx: Context): void {
  const config = { roles: may.own }

  app.get('/api/me', { schema: { response: gives(200, Profile) }, config }, async request => {
    const profile = await profileOf(ctx.sql, who(request).actorId)
    if (!profile) throw new Refusal('not-signed-in')
    return profile
  })

  app.get('/api/me/looks', { schema: { response: gives(200, OwnLooks) }, config }, async request => ({
    items: await looksAt(ctx.sql, who(request).actorId),
  }))

  app.get('/api/me/parcels', { schema: { response: gives(200, OwnParcels) }, config }, async request => ({
    items: await ownParcels(ctx, who(request).actorId),
  }))

  const needs = { body: Needs, response: gives(200, NeedsNow) }
  app.post('/api/me/needs', { schema: needs, config }, async request => {
    const residentId = who(request).actorId
    const work = plain(within => changeNeeds(within, { residentId, ...request.body }))
    return sameOnce(ctx, request, work)
  })

  const delegate = { params: ById, body: NewDelegate, response: gives(201, DelegateMade) }
  app.post('/api/parcels/:id/delegate', { schema: delegate, config }, async (request, reply) => {
    const session = who(request)
    const { id: parcelId } = request.params
    await visibleParcel(ctx, session, parcelId)
    const work = derived(
      within => addDelegate(within, { parcelId, residentId: session.actorId, name: request.body.name.trim() }),
      async ({ id, grantId }) => ({ id, code: await codeOfGrant(ctx, grantId) }),
    )
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const revoke = { params: ById, response: gives(200, DelegateGone) }
  app.post('/api/delegates/:id/revoke', { schema: revoke, config }, async request => {
    const about = { id: request.params.id, residentId: who(request).actorId }
    const work = plain(within => revokeDelegate(within, about))
    return sameOnce(ctx, request, work)
  })
}
