import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { AccountRole } from '../../schema/api/roles.ts'
import type { Context } from '../context.ts'
import { findSession, noteSeen, type Session, worksAt } from '../domain/sessions.ts'
import { Refusal } from '../refusal.ts'
import { type OneParcel, parcelsWhere, siteOf, type Thing } from '../store/wall.ts'
import type { App } from './app.ts'

export const cookieName = 'doors'

/** The one place where a route's roles are kept: signed in, of a listed role, and from a page of our own. */
export function keepRoles(app: App, ctx: Context, ownOrigin: (request: IncomingMessage) => boolean): void {
  app.decorateRequest('session', null)
  app.addHook('onRequest', async request => {
    const { roles } = request.routeOptions.config
    if (!roles) return
    const bearer = bearerOf(request.headers.authorization)
    const token = bearer ?? request.cookies[cookieName]
    const session = token ? await findSession(ctx, token) : undefined
    if (!session) throw new Refusal('not-signed-in')
    if (!roles.includes(session.role)) throw new Refusal('not-allowed')
    // A cookie goes along by itself, so a change asked with one must come from our own page.
    const changes = request.method !== 'GET' && request.method !== 'HEAD'
    if (!bearer && changes && !ownOrigin(request.raw)) throw new Refusal('wrong-origin')
    await noteSeen(ctx, session)
    request.session = session
  })
}

export const bearerOf = (header: string | undefined): string | undefined =>
  header?.match(/^Bearer ([\w-]{20,200})$/i)?.[1]

export function who(request: FastifyRequest): Session {
  if (!request.session) throw new Refusal('not-signed-in')
  return request.session
}

/** Who is shown names, for the record that the named can read. */
export function seerOf({ actorId, role }: Session): { actorId: string; role: AccountRole } {
  if (role === 'courier' || role === 'resident') throw new Refusal('not-allowed')
  return { actorId, role }
}

/** What lies at another site does not exist for this person. */
export function mustWorkAt(session: Session, siteId: string | undefined, field = 'siteId'): void {
  if (siteId === undefined || !worksAt(session, siteId)) throw new Refusal('not-found', { field })
}

type Named = { thing: Thing; id: string; field?: string }

/** The site of a thing that this person may know of; `field` is the member of the request that named it. */
export async function mustReach(ctx: Context, session: Session, { thing, id, field = 'id' }: Named): Promise<string> {
  const siteId = await siteOf(ctx.sql, thing, id)
  mustWorkAt(session, siteId, field)
  return siteId!
}

function maySee(session: Session, parcel: OneParcel): boolean {
  if (!worksAt(session, parcel.siteId)) return false
  if (session.role === 'resident') return parcel.residentId === session.actorId
  if (session.role === 'courier') return parcel.carrierId === session.actorId
  return true
}

/** A parcel of a site one works at; a courier's own deposit, a resident's own parcel. */
export async function visibleParcel(ctx: Context, session: Session, id: string): Promise<OneParcel> {
  const [parcel] = await parcelsWhere(ctx.sql, { id })
  if (!parcel || !maySee(session, parcel)) throw new Refusal('not-found', { field: 'id' })
  return parcel
}

/** A courier acts as the carrier whose code he signed in with. */
export const carrierOf = ({ role, actorId }: Session): { carrierId: string | undefined } => ({
  carrierId: role === 'courier' ? actorId : undefined,
})

/** `Origin` must be this very host (or the public address); a caller that is no browser sends none. */
export function originCheck(publicUrl: string | null | undefined): (request: IncomingMessage) => boolean {
  const publicOrigin = publicUrl ? new URL(publicUrl).origin : undefined
  return request => {
    const { origin, host } = request.headers
    if (origin === undefined) return true
    if (origin === publicOrigin) return true
    return URL.canParse(origin) && new URL(origin).host === host
  }
}
