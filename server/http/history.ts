import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { factKinds } from '../../schema/api/fact-types.ts'
import { Actors, ActorsQuery, type HistoryItem, HistoryPage, HistoryQuery } from '../../schema/api/history.ts'
import { may } from '../../schema/api/roles.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { actorsOf } from '../store/actors.ts'
import { type HistoryFilter, historyPage } from '../store/history-pages.ts'
import { type App, gives } from './app.ts'
import { csvHead, csvLine } from './csv.ts'
import { mustWorkAt, who } from './permission.ts'
import { readMoment } from './read.ts'

const csvAtMost = 200_000

/** The history, newest first, as JSON or, when asked for, as CSV. */
export function historyRoutes(app: App, ctx: Context): void {
  const schema = { querystring: HistoryQuery, response: { ...gives(200, HistoryPage), 200: jsonOrCsv } }
  app.get('/api/history', { schema, config: { roles: may.decide } }, async (request, reply) => {
    const session = who(request)
    const { siteId, from, until, cursor, limit, kind, as, ...same } = request.query
    if (siteId !== undefined) mustWorkAt(session, siteId)
    const asked: HistoryFilter = {
      ...same,
      siteIds: siteId ? [siteId] : session.siteIds,
      ...(kind ? { types: [...factKinds[kind]] } : {}),
      ...(from ? { from: readMoment(from, 'from') } : {}),
      ...(until ? { until: readMoment(until, 'until') } : {}),
      ...(cursor ? { before: readCursor(cursor) } : {}),
      limit: limit ?? 100,
    }
    const isCsv = as === 'csv' || request.headers.accept?.includes('text/csv')
    if (isCsv) {
      const day = ctx.now().toISOString().slice(0, 10)
      reply.header('content-disposition', `attachment; filename="history-${day}.csv"`)
      reply.type('text/csv; charset=utf-8')
      if (limit === undefined) return reply.send(Readable.from(wholeCsv(ctx, asked)) as never)
    }
    const items = await historyPage(ctx.sql, asked)
    const next = nextOf(items, asked.limit)
    if (!isCsv) return { items, next }
    if (next) reply.header('x-next-cursor', next)
    return reply.send((csvHead(columns) + items.map(csvOf).join('')) as never)
  })

  const actors = { querystring: ActorsQuery, response: gives(200, Actors) }
  app.get('/api/actors', { schema: actors, config: { roles: may.decide } }, async request => {
    mustWorkAt(who(request), request.query.siteId)
    return { items: await actorsOf(ctx.sql, request.query.siteId) }
  })
}

/** Page by page, so that neither the database nor the memory holds all of it at once. */
async function* wholeCsv(ctx: Context, asked: HistoryFilter): AsyncGenerator<string> {
  yield csvHead(columns)
  const limit = 1_000
  let before = asked.before
  for (let told = 0; told < csvAtMost; told += limit) {
    const items = await historyPage(ctx.sql, { ...asked, limit, ...(before ? { before } : {}) })
    if (items.length > 0) yield items.map(csvOf).join('')
    const last = items.at(-1)
    if (!last || items.length < limit) return
    before = { receivedAt: new Date(last.receivedAt), n: last.n }
  }
}

const jsonOrCsv = {
  description: 'newest first; `next` (or the header x-next-cursor) goes into `cursor` for the page after',
  content: { 'application/json': { schema: HistoryPage }, 'text/csv': { schema: Type.String() } },
} as unknown as typeof HistoryPage // fastify has no types for several contents

function nextOf(items: HistoryItem[], limit: number): string | null {
  const last = items.at(-1)
  return last && items.length === limit ? `${last.receivedAt}~${last.n}` : null
}

function readCursor(cursor: string): { receivedAt: Date; n: number } {
  const [at, n] = cursor.split('~')
  const receivedAt = new Date(at ?? '')
  if (Number.isNaN(receivedAt.getTime()) || !/^\d{1,15}$/.test(n ?? ''))
    throw new Refusal('invalid', { field: 'cursor' })
  return { receivedAt, n: Number(n) }
}

const columns = [
  ...(['n', 'type', 'at', 'receivedAt', 'live', 'siteId', 'controllerId', 'controller', 'doorId', 'door'] as const),
  ...([
    'doorName',
    'grantId',
    'orderId',
    'parcelId',
    'receipt',
    'actorId',
    'actor',
    'suspect',
    'note',
    'facts',
  ] as const),
]

const csvOf = ({ actor, ...item }: HistoryItem): string =>
  csvLine(columns.map(column => (column === 'actor' ? (actor?.name ?? actor?.kind) : item[column])))
