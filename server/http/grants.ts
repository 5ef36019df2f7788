import { MadeGrant, NewGrant } from '../../schema/api/caretaker.ts'
import { ById } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { makeGrant, revokeGrant, tellGrant } from '../domain/grants.ts'
import { type App, gives, nothing, caretakers as roles } from './app.ts'
import { derived, sameOnce } from './once.ts'
import { mustReach, who } from './permission.ts'
import { readMoment } from './read.ts'

/** A caretaker lets somebody through a door for a time, and takes it back. */
export function grantRoutes(app: App, ctx: Context): void {
  const config = { roles }

  const make = { body: NewGrant, response: gives(201, MadeGrant) }
  app.post('/api/grants', { schema: make, config }, async (request, reply) => {
    const session = who(request)
    await mustReach(ctx, session, { thing: 'doors', id: request.body.doorId, field: 'doorId' })
    const from = readMoment(request.body.from, 'from')
    const until = readMoment(request.body.until, 'until')
    const work = derived(
      within => makeGrant(within, { ...request.body, from, until, madeBy: session.actorId }),
      async ({ id }) => {
        const { from, until, ...told } = await tellGrant(ctx, id)
        return { ...told, from: from.toISOString(), until: until.toISOString() }
      },
    )
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const end = { params: ById, response: gives(204, nothing) }
  app.delete('/api/grants/:id', { schema: end, config }, async (request, reply) => {
    const session = who(request)
    const { id } = request.params
    await mustReach(ctx, session, { thing: 'grants', id })
    await revokeGrant(ctx, { id, actorId: session.actorId })
    return reply.code(204).send(null)
  })
}
