import { ByReceipt, type Receipt, type SignedIn, SignIn } from '../../schema/api/anyone.ts'
import type { Context } from '../context.ts'
import { type SignInInput, signInPerson, signOut } from '../domain/sessions.ts'
import { Refusal } from '../refusal.ts'
import { parcelsWhere } from '../store/wall.ts'
import { type App, everybody } from './app.ts'
import { bearerOf, cookieName, who } from './permission.ts'

const perMinute = (max: number) => ({ rateLimit: { max, timeWindow: 60_000 } })

/** What anyone can do, signed in or not. */
export function anyoneRoutes(app: App, ctx: Context, { secureCookie }: { secureCookie: boolean }): void {
  app.post('/api/sessions', { schema: { body: SignIn }, config: perMinute(120) }, async (request, reply) => {
    const signedIn = await signInPerson(ctx, { input: wayOf(request.body), from: request.ip })
    const { token, role, actorId, name, siteIds, expiresAt } = signedIn
    reply.setCookie(cookieName, token, {
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure: secureCookie,
      expires: expiresAt,
    })
    const answer: SignedIn = { token, role, actorId, name, siteIds, expiresAt: expiresAt.toISOString() }
    return reply.code(201).header('cache-control', 'no-store').send(answer)
  })

  app.get('/api/sessions/me', { config: { roles: everybody } }, async request => {
    const { role, actorId, siteIds, expiresAt } = who(request)
    return { role, actorId, siteIds, expiresAt: expiresAt.toISOString() }
  })

  app.delete('/api/sessions/me', { config: { roles: everybody } }, async (request, reply) => {
    const token = bearerOf(request.headers.authorization) ?? request.cookies[cookieName]
    if (token) await signOut(ctx, token)
    return reply.clearCookie(cookieName, { path: '/' }).code(204).send()
  })

  app.get('/api/receipts/:number', { schema: { params: ByReceipt }, config: perMinute(60) }, async request => {
    const [parcel] = await parcelsWhere(ctx.sql, { receipt: request.params.number })
    if (!parcel) throw new Refusal('not-found')
    const { receipt, state, size, madeAt, placedAt } = parcel
    return { receipt, state, size, madeAt, placedAt } satisfies Receipt
  })
}

function wayOf(body: SignIn): SignInInput {
  if (body.email !== undefined) return { type: 'account', email: body.email, password: need(body.password, 'password') }
  if (body.carrierCode !== undefined)
    return { type: 'carrier', carrierCode: body.carrierCode, siteId: need(body.siteId, 'siteId') }
  return { type: 'resident', memberNumber: need(body.memberNumber, 'email'), pin: need(body.pin, 'pin') }
}

function need(value: string | undefined, field: string): string {
  if (value === undefined) throw new Refusal('invalid', { field })
  return value
}
