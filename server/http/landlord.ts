import { NewAccount, NewSite } from '../../schema/api/landlord.ts'
import type { Context } from '../context.ts'
import { createAccount } from '../domain/accounts.ts'
import { createSite } from '../domain/sites.ts'
import { listAccounts } from '../store/accounts.ts'
import { sitesFor } from '../store/wall.ts'
import { type App, everybody } from './app.ts'
import { plain, sameOnce } from './once.ts'
import { who } from './permission.ts'

const roles = ['landlord'] as const

export function landlordRoutes(app: App, ctx: Context): void {
  app.post('/api/sites', { schema: { body: NewSite }, config: { roles } }, async (request, reply) => {
    const answer = await sameOnce(
      ctx,
      request,
      plain(() => createSite(ctx, request.body)),
    )
    return reply.code(201).send(answer)
  })

  // Everybody signed in sees the sites they belong to.
  app.get('/api/sites', { config: { roles: everybody } }, async request => ({
    items: await sitesFor(ctx.sql, who(request).siteIds),
  }))

  app.post('/api/accounts', { schema: { body: NewAccount }, config: { roles } }, async (request, reply) => {
    const answer = await sameOnce(
      ctx,
      request,
      plain(() => createAccount(ctx, request.body)),
    )
    return reply.code(201).send(answer)
  })

  app.get('/api/accounts', { config: { roles } }, async () => ({ items: await listAccounts(ctx.sql) }))
}
