import { MadeGrant, NewGrant } from '../../schema/api/caretaker.ts'
import { GrantsOfDoor, GrantsQuery, type GrantView } from '../../schema/api/grants.ts'
import { may } from '../../schema/api/roles.ts'
import { ById } from '../../schema/api/shared.ts'
import { limits } from '../../schema/wire/limits.ts'
import type { Context } from '../context.ts'
import { grantState } from '../domain/grant-state.ts'
import { makeGrant, revokeGrant, tellGrant } from '../domain/grants.ts'
import { grantsOfDoor, type OfDoor } from '../store/grants.ts'
import { type App, gives, nothing } from './app.ts'
import { derived, sameOnce } from './once.ts'
import { mustReach, who } from './permission.ts'
import { readMoment } from './read.ts'

/** A caretaker lets somebody through a door for a time, and takes it back. */
export function grantRoutes(app: App, ctx: Context): void {
  const config = { roles: may.decide }

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

  const list = { querystring: GrantsQuery, response: gives(200, GrantsOfDoor) }
  app.get('/api/grants', { schema: list, config: { roles: may.watch } }, async request => {
    const { doorId } = request.query
    await mustReach(ctx, who(request), { thing: 'doors', id: doorId, field: 'doorId' })
    const now = ctx.now()
    const rows = await grantsOfDoor(ctx.sql, doorId, { now, endedMs: limits.endedGrantsListedMs })
    return { items: rows.map(row => viewOf(row, now)) }
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

const viewOf = (row: OfDoor, now: Date): GrantView => ({
  ...{ id: row.id, doorId: row.doorId, purpose: row.purpose, uses: row.uses, doorKnows: row.doorKnows },
  means: row.means as GrantView['means'],
  state: grantState(row, now),
  from: row.from.toISOString(),
  until: row.until.toISOString(),
  madeAt: row.madeAt.toISOString(),
  usedAt: row.usedAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
})
