import {
  ChangePassword,
  ConfirmSecondFactor,
  Ended,
  OwnAccount,
  OwnSessions,
  RecoveryCodes,
  Secret,
  WithPassword,
  WithPasswordAndOtp,
} from '../../schema/api/account.ts'
import { may } from '../../schema/api/roles.ts'
import { ById, MadeId } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { changePassword, endOneSession, endOthers, ownAccount } from '../domain/own-account.ts'
import {
  confirmSecondFactor,
  endSecondFactor,
  renewRecoveryCodes,
  startSecondFactor,
  tellSecret,
} from '../domain/second-factor.ts'
import { sessionsOf } from '../store/sessions.ts'
import { type App, gives, nothing } from './app.ts'
import { derived, plain, sameOnce, shownOnce } from './once.ts'
import { who } from './permission.ts'

/** One's own password, second factor and sessions, for who works here. */
export function accountRoutes(app: App, ctx: Context): void {
  const config = { roles: may.account }

  app.get('/api/account', { schema: { response: gives(200, OwnAccount) }, config }, request =>
    ownAccount(ctx, who(request).actorId),
  )

  const password = { body: ChangePassword, response: gives(200, Ended) }
  app.post('/api/account/password', { schema: password, config }, request => {
    const session = who(request)
    const work = plain(within => changePassword(within, { session, ...request.body }))
    return sameOnce(ctx, request, work)
  })

  const sessions = { response: gives(200, OwnSessions) }
  app.get('/api/account/sessions', { schema: sessions, config }, async request => {
    const { id: mine, actorId } = who(request)
    const rows = await sessionsOf(ctx.sql, actorId, ctx.now())
    const items = rows.map(({ id, createdAt, lastSeenAt, browser, system }) => ({
      ...{ id, browser, system, isThis: id === mine },
      madeAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
    }))
    return { items }
  })

  const end = { params: ById, response: gives(204, nothing) }
  app.delete('/api/account/sessions/:id', { schema: end, config }, async (request, reply) => {
    await endOneSession(ctx, { session: who(request), id: request.params.id })
    return reply.code(204).send(null)
  })

  app.post('/api/account/sessions/end-others', { schema: { response: gives(200, Ended) }, config }, request => {
    const session = who(request)
    return sameOnce(
      ctx,
      request,
      plain(within => endOthers(within, { session })),
    )
  })

  const start = { body: WithPassword, response: gives(201, Secret) }
  app.post('/api/account/second-factor', { schema: start, config }, async (request, reply) => {
    const { actorId: accountId } = who(request)
    const work = derived(
      within => startSecondFactor(within, { accountId, ...request.body }),
      () => tellSecret(ctx, accountId),
    )
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const confirm = { body: ConfirmSecondFactor, response: gives(200, RecoveryCodes) }
  app.post('/api/account/second-factor/confirm', { schema: confirm, config }, request => {
    const { actorId: accountId } = who(request)
    const work = shownOnce(within => confirmSecondFactor(within, { accountId, ...request.body }))
    return sameOnce(ctx, request, work)
  })

  const off = { body: WithPasswordAndOtp, response: gives(200, MadeId) }
  app.post('/api/account/second-factor/off', { schema: off, config }, request => {
    const { actorId: accountId } = who(request)
    const work = plain(within => endSecondFactor(within, { accountId, ...request.body }))
    return sameOnce(ctx, request, work)
  })

  const renew = { body: WithPasswordAndOtp, response: gives(200, RecoveryCodes) }
  app.post('/api/account/recovery-codes', { schema: renew, config }, request => {
    const { actorId: accountId } = who(request)
    const work = shownOnce(within => renewRecoveryCodes(within, { accountId, ...request.body }))
    return sameOnce(ctx, request, work)
  })
}
