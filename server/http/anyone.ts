import {
  AskSignInCode,
  ByReceipt,
  Me,
  Receipt,
  Setup,
  SetupDone,
  SignedIn,
  SignIn,
  SignInCodeAsked,
} from '../../schema/api/anyone.ts'
import { isAllowed, may } from '../../schema/api/roles.ts'
import type { Context } from '../context.ts'
import { askSignInCode } from '../domain/ask-sign-in.ts'
import { setUp } from '../domain/first-landlord.ts'
import { makeSignIn, type SignInInput, signOut } from '../domain/sessions.ts'
import { signInLastsMs } from '../domain/sign-in-code.ts'
import { Refusal } from '../refusal.ts'
import { accountById } from '../store/accounts.ts'
import { parcelsWhere } from '../store/wall.ts'
import { type App, gives, nothing } from './app.ts'
import { bearerOf, cookieName, who } from './permission.ts'

const perMinute = (max: number) => ({ rateLimit: { max, timeWindow: 60_000 } })

/** What anyone can do, signed in or not. */
export function anyoneRoutes(app: App, ctx: Context, { secureCookie }: { secureCookie: boolean }): void {
  const signInPerson = makeSignIn(ctx)
  const signIn = { body: SignIn, response: gives(201, SignedIn) }
  app.post('/api/sessions', { schema: signIn, config: perMinute(120) }, async (request, reply) => {
    const signedIn = await signInPerson({
      input: wayOf(request.body),
      from: request.ip,
      agent: request.headers['user-agent'],
    })
    const { token, role, actorId, name, siteIds, expiresAt } = signedIn
    reply.setCookie(cookieName, token, {
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure: secureCookie,
      expires: expiresAt,
    })
    const answer: SignedIn = { token, role, actorId, name, siteIds, expiresAt: expiresAt.toISOString() }
    return reply.code(201).send(answer)
  })

  const code = { body: AskSignInCode, response: gives(202, SignInCodeAsked) }
  app.post('/api/sign-in-codes', { schema: code, config: perMinute(60) }, async (request, reply) => {
    await askSignInCode(ctx, request.body)
    return reply.code(202).send({ lastsMs: signInLastsMs })
  })

  const me = { schema: { response: gives(200, Me) }, config: { roles: may.signedIn } }
  app.get('/api/sessions/me', me, async request => {
    const { role, actorId, siteIds, expiresAt } = who(request)
    const account = isAllowed(role, 'account') ? await accountById(ctx.sql, actorId) : undefined
    return { role, actorId, siteIds, expiresAt: expiresAt.toISOString(), email: account?.email ?? null }
  })

  const leave = { schema: { response: gives(204, nothing) }, config: { roles: may.signedIn } }
  app.delete('/api/sessions/me', leave, async (request, reply) => {
    const token = bearerOf(request.headers.authorization) ?? request.cookies[cookieName]
    if (token) await signOut(ctx, token)
    return reply.clearCookie(cookieName, { path: '/' }).code(204).send(null)
  })

  const setup = { body: Setup, response: gives(201, SetupDone) }
  app.post('/api/setup', { schema: setup, config: perMinute(10) }, async (request, reply) => {
    await setUp(ctx, request.body)
    return reply.code(201).send({ email: request.body.email })
  })

  const receipt = { params: ByReceipt, response: gives(200, Receipt) }
  app.get('/api/receipts/:number', { schema: receipt, config: perMinute(60) }, async request => {
    const [parcel] = await parcelsWhere(ctx.sql, { receipt: request.params.number })
    if (!parcel) throw new Refusal('not-found', { field: 'number' })
    const { receipt, state, size, madeAt, placedAt } = parcel
    return { receipt, state, size, madeAt, placedAt }
  })
}

const ways = [
  ['email', 'password'],
  ['carrierCode', 'siteId'],
  ['memberNumber', 'pin'],
  ['memberNumber', 'oneTimeCode'],
] as const

/** One way to sign in and only its members: what is not judged is not taken either. */
function wayOf(body: SignIn): SignInInput {
  const isThere = (name: (typeof ways)[number][number]) => body[name] !== undefined
  const [first, second] = ways.find(way => way.every(isThere)) ?? ways.find(([name]) => isThere(name)) ?? ways[0]
  for (const name of [first, second]) if (body[name] === undefined) throw new Refusal('invalid', { field: name })
  for (const name of ways.flat())
    if (name !== first && name !== second && body[name] !== undefined) throw new Refusal('invalid', { field: name })
  if (body.otp !== undefined && first !== 'email') throw new Refusal('invalid', { field: 'otp' })
  const {
    email = '',
    password = '',
    carrierCode = '',
    siteId = '',
    memberNumber = '',
    pin = '',
    oneTimeCode = '',
  } = body
  if (first === 'email') return { type: 'account', email, password, otp: body.otp }
  if (first === 'carrierCode') return { type: 'carrier', carrierCode, siteId }
  return second === 'pin' ? { type: 'resident', memberNumber, pin } : { type: 'told', memberNumber, oneTimeCode }
}
