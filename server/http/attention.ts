import { Attention, AttentionQuery, ReleaseAttention, TakeAttention, TakenNow } from '../../schema/api/attention.ts'
import { may } from '../../schema/api/roles.ts'
import type { Context } from '../context.ts'
import { releaseAttention, takeAttention } from '../domain/attention.ts'
import { attentionFor } from '../domain/seen.ts'
import { attentionAt } from '../store/attention.ts'
import { type App, gives } from './app.ts'
import { derived, sameOnce } from './once.ts'
import { mustWorkAt, who } from './permission.ts'

/** What needs somebody at a site, and who sees to it. */
export function attentionRoutes(app: App, ctx: Context): void {
  const config = { roles: may.watch }

  const list = { querystring: AttentionQuery, response: gives(200, Attention) }
  app.get('/api/attention', { schema: list, config }, async request => {
    const { actorId, role } = who(request)
    const { siteId } = request.query
    mustWorkAt(who(request), siteId)
    return attentionAt(ctx.sql, { siteId, now: ctx.now(), actorId, seen: attentionFor(role) })
  })

  const take = { body: TakeAttention, response: gives(200, TakenNow) }
  app.post('/api/attention/take', { schema: take, config }, async request => {
    const { actorId, role } = who(request)
    const { kind, id, siteId } = request.body
    mustWorkAt(who(request), siteId)
    const work = derived(
      within => takeAttention(within, { ...request.body, actorId, role }),
      async () => ({ kind, id, taken: true }),
    )
    return sameOnce(ctx, request, work)
  })

  const release = { body: ReleaseAttention, response: gives(200, TakenNow) }
  app.post('/api/attention/release', { schema: release, config }, async request => {
    const { actorId, role } = who(request)
    const { kind, id, siteId } = request.body
    mustWorkAt(who(request), siteId)
    const work = derived(
      within => releaseAttention(within, { ...request.body, actorId, role }),
      async () => ({ kind, id, taken: false }),
    )
    return sameOnce(ctx, request, work)
  })
}
