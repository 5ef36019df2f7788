import {
  ContactNow,
  NewContact,
  Notices,
  NoticesQuery,
  RetriedNotice,
  SettledNotice,
  SettleNotice,
} from '../../schema/api/notices.ts'
import { may } from '../../schema/api/roles.ts'
import { ById } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { changeContact } from '../domain/contacts.ts'
import { retryNotice, settleNotice } from '../domain/dead-notice.ts'
import { Refusal } from '../refusal.ts'
import { noticesOf } from '../store/notices.ts'
import { type App, gives } from './app.ts'
import { plain, sameOnce } from './once.ts'
import { mustReach, mustWorkAt, who } from './permission.ts'

/** What residents were told and what could not be told; how a resident is told. */
export function noticeRoutes(app: App, ctx: Context): void {
  const config = { roles: may.people }

  const list = { querystring: NoticesQuery, response: gives(200, Notices) }
  app.get('/api/notices', { schema: list, config }, async request => {
    const { siteId, state, cursor, limit = 100 } = request.query
    mustWorkAt(who(request), siteId)
    const rows = await noticesOf(ctx.sql, { siteId, state, before: cursor, limit })
    const items = rows.map(row => ({
      ...row,
      runAt: row.runAt.toISOString(),
      madeAt: row.madeAt.toISOString(),
      sentAt: row.sentAt?.toISOString() ?? null,
    }))
    return { items, next: items.length === limit ? items.at(-1)!.id : null }
  })

  const retry = { params: ById, response: gives(200, RetriedNotice) }
  app.post('/api/notices/:id/retry', { schema: retry, config }, async request => {
    const { actorId } = who(request)
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'notices', id })
    const work = plain(within => retryNotice(within, { id, actorId }))
    return sameOnce(ctx, request, work)
  })

  const settle = { params: ById, body: SettleNotice, response: gives(200, SettledNotice) }
  app.post('/api/notices/:id/settle', { schema: settle, config }, async request => {
    const { actorId } = who(request)
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'notices', id })
    const work = plain(within => settleNotice(within, { id, actorId, note: request.body.note }))
    return sameOnce(ctx, request, work)
  })

  const contact = { params: ById, body: NewContact, response: gives(200, ContactNow) }
  app.post('/api/residents/:id/contact', { schema: contact, config: { roles: may.contact } }, async request => {
    const session = who(request)
    const residentId = request.params.id
    await mustReach(ctx, session, { thing: 'residents', id: residentId })
    if (session.role === 'resident' && residentId !== session.actorId) throw new Refusal('not-found', { field: 'id' })
    const work = plain(within => changeContact(within, { ...request.body, residentId, actorId: session.actorId }))
    return sameOnce(ctx, request, work)
  })
}
