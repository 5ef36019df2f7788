import { Type } from 'typebox'
import { may } from '../../schema/api/roles.ts'
import { Statistics, StatisticsQuery, type StatisticsTable } from '../../schema/api/statistics.ts'
import type { Context } from '../context.ts'
import { statisticsOf } from '../domain/statistics.ts'
import { Refusal } from '../refusal.ts'
import { type App, gives } from './app.ts'
import { csvHead, csvLine } from './csv.ts'
import { mustWorkAt, who } from './permission.ts'

/** What the past of one's sites comes to, as JSON, or one of its tables as CSV. */
export function statisticsRoutes(app: App, ctx: Context): void {
  const schema = { querystring: StatisticsQuery, response: { ...gives(200, Statistics), 200: jsonOrCsv } }
  app.get('/api/statistics', { schema, config: { roles: may.decide } }, async (request, reply) => {
    const session = who(request)
    const { siteId, from, until, table, as } = request.query
    if (siteId !== undefined) mustWorkAt(session, siteId)
    const isCsv = as === 'csv' || request.headers.accept?.includes('text/csv')
    if (isCsv && table === undefined) throw new Refusal('invalid', { field: 'table' })
    const found = await statisticsOf(ctx, { siteIds: siteId ? [siteId] : session.siteIds, from, until })
    if (!isCsv) return found
    reply.header('content-disposition', `attachment; filename="${table}-${found.from}-${found.until}.csv"`)
    reply.type('text/csv; charset=utf-8')
    return reply.send(csvOf(found, table!) as never)
  })
}

const jsonOrCsv = {
  description: 'days are counted by the clock of each site; as CSV one table, which `table` names',
  content: { 'application/json': { schema: Statistics }, 'text/csv': { schema: Type.String() } },
} as unknown as typeof Statistics // fastify has no types for several contents

const columns = {
  fill: ['size', 'weekday', 'hour', 'boxHours', 'filledHours'],
  collect: ['fromHours', 'untilHours', 'parcels'],
  refused: ['size', 'given', 'refused'],
  ways: ['way', 'parcels'],
  faults: ['siteId', 'site', 'controllerId', 'controller', 'door', 'name', 'jammed', 'forced', 'heldOpen'],
} as const satisfies Record<StatisticsTable, readonly string[]>

function csvOf(found: Statistics, table: StatisticsTable): string {
  const rows: Record<string, unknown>[] = table === 'collect' ? found.collect.spans : found[table]
  return csvHead(columns[table]) + rows.map(row => csvLine(columns[table].map(column => row[column]))).join('')
}
