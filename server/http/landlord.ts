import { ChangeAccount, GivePassword } from '../../schema/api/account.ts'
import { Accounts, NewAccount, NewSite, Sites } from '../../schema/api/landlord.ts'
import { may } from '../../schema/api/roles.ts'
import { ById, MadeId, WithReason } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { changeAccount, closeAccount, createAccount, givePassword, resetSecondFactor } from '../domain/accounts.ts'
import { createSite } from '../domain/sites.ts'
import { listAccounts } from '../store/accounts.ts'
import { sitesFor } from '../store/wall.ts'
import { type App, gives } from './app.ts'
import { plain, sameOnce } from './once.ts'
import { who } from './permission.ts'

export function landlordRoutes(app: App, ctx: Context): void {
  const config = { roles: may.govern }

  app.post(
    '/api/sites',
    { schema: { body: NewSite, response: gives(201, MadeId) }, config },
    async (request, reply) => {
      const work = plain(within => createSite(within, request.body))
      return reply.code(201).send(await sameOnce(ctx, request, work))
    },
  )

  // Everybody signed in sees the sites they belong to.
  const sites = { schema: { response: gives(200, Sites) }, config: { roles: may.signedIn } }
  app.get('/api/sites', sites, async request => ({ items: await sitesFor(ctx.sql, who(request).siteIds) }))

  const newAccount = { body: NewAccount, response: gives(201, MadeId) }
  app.post('/api/accounts', { schema: newAccount, config }, async (request, reply) => {
    const work = plain(within => createAccount(within, { ...request.body, actorId: who(request).actorId }))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const change = { params: ById, body: ChangeAccount, response: gives(200, MadeId) }
  app.post('/api/accounts/:id/change', { schema: change, config }, request => {
    const { actorId } = who(request)
    const work = plain(within => changeAccount(within, { ...request.body, id: request.params.id, actorId }))
    return sameOnce(ctx, request, work)
  })

  const give = { params: ById, body: GivePassword, response: gives(200, MadeId) }
  app.post('/api/accounts/:id/password', { schema: give, config }, request => {
    const { actorId } = who(request)
    const work = plain(within => givePassword(within, { ...request.body, id: request.params.id, actorId }))
    return sameOnce(ctx, request, work)
  })

  const withReason = { params: ById, body: WithReason, response: gives(200, MadeId) }
  for (const [path, act] of [
    ['/api/accounts/:id/close', closeAccount],
    ['/api/accounts/:id/reset-second-factor', resetSecondFactor],
  ] as const)
    app.post(path, { schema: withReason, config }, request => {
      const { actorId } = who(request)
      const work = plain(within => act(within, { id: request.params.id, actorId, reason: request.body.reason }))
      return sameOnce(ctx, request, work)
    })

  app.get('/api/accounts', { schema: { response: gives(200, Accounts) }, config }, async () => ({
    items: await listAccounts(ctx.sql),
  }))
}
