import { Type } from 'typebox'
import { HistoryQuery } from '../../schema/api/caretaker.ts'
import { may } from '../../schema/api/roles.ts'
import { type HistoryItem, HistoryPage } from '../../schema/api/timeline.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { historyPage } from '../store/history-pages.ts'
import { type App, gives } from './app.ts'
import { mustWorkAt, who } from './permission.ts'
import { readMoment } from './read.ts'

/** The history, newest first, as JSON or, when asked for by Accept, as CSV. */
export function historyRoutes(app: App, ctx: Context): void {
  const schema = { querystring: HistoryQuery, response: { ...gives(200, HistoryPage), 200: jsonOrCsv } }
  app.get('/api/history', { schema, config: { roles: may.decide } }, async (request, reply) => {
    const session = who(request)
    const { siteId, from, until, cursor, limit = 100, ...same } = request.query
    if (siteId !== undefined) mustWorkAt(session, siteId)
    const items = await historyPage(ctx.sql, {
      ...same,
      siteIds: siteId ? [siteId] : session.siteIds,
      ...(from ? { from: readMoment(from, 'from') } : {}),
      ...(until ? { until: readMoment(until, 'until') } : {}),
      ...(cursor ? { before: readCursor(cursor) } : {}),
      limit,
    })
    const next = items.length === limit ? makeCursor(items[items.length - 1]!) : null
    if (!request.headers.accept?.includes('text/csv')) return { items, next }
    if (next) reply.header('x-next-cursor', next)
    return reply.type('text/csv; charset=utf-8').send(csv(items) as never)
  })
}

const jsonOrCsv = {
  description: 'newest first; `next` (or the header x-next-cursor) goes into `cursor` for the page after',
  content: { 'application/json': { schema: HistoryPage }, 'text/csv': { schema: Type.String() } },
} as unknown as typeof HistoryPage // fastify has no types for several contents

const makeCursor = (item: HistoryItem) => `${item.receivedAt}~${item.n}`

function readCursor(cursor: string): { receivedAt: Date; n: number } {
  const [at, n] = cursor.split('~')
  const receivedAt = new Date(at ?? '')
  if (Number.isNaN(receivedAt.getTime()) || !/^\d{1,15}$/.test(n ?? ''))
    throw new Refusal('invalid', { field: 'cursor' })
  return { receivedAt, n: Number(n) }
}

const columns = [
  'n',
  'type',
  'at',
  'receivedAt',
  'live',
  'siteId',
  'controllerId',
  'doorId',
  'grantId',
  'orderId',
  'parcelId',
  'actorId',
  'suspect',
  'facts',
] as const

const csv = (items: HistoryItem[]) =>
  [columns.join(','), ...items.map(item => columns.map(column => cell(item[column])).join(','))]
    .join('\r\n')
    .concat('\r\n')

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  // A leading = + - @ would be a formula to a spreadsheet.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
