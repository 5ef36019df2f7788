import { AlertByCode, BankHere, HeardAlert } from '../../schema/api/bank.ts'
import { ByController } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { makeAlertByCode } from '../domain/alert-by-code.ts'
import { Refusal } from '../refusal.ts'
import { bankById } from '../store/boxes.ts'
import { type App, gives } from './app.ts'

const perMinute = (max: number) => ({ rateLimit: { max, timeWindow: 60_000 } })

/** For who stands before a bank, signed in or not. */
export function bankRoutes(app: App, ctx: Context): void {
  const here = { params: ByController, response: gives(200, BankHere) }
  app.get('/api/banks/:id', { schema: here, config: perMinute(60) }, async request => {
    const bank = await bankById(ctx.sql, request.params.id)
    if (!bank) throw new Refusal('not-found', { field: 'id' })
    const { controllerId, siteId, name, site, online } = bank
    return { controllerId, siteId, name, site, online }
  })

  const alertByCode = makeAlertByCode(ctx)
  const alert = { params: ByController, body: AlertByCode, response: gives(201, HeardAlert) }
  app.post('/api/banks/:id/alerts', { schema: alert, config: perMinute(60) }, async (request, reply) => {
    const said = { controllerId: request.params.id, ...request.body, from: request.ip }
    return reply.code(201).send(await alertByCode(said))
  })
}
