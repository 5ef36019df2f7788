import type { Context } from '../context.ts'
import { codeOfGrant } from '../domain/grants.ts'
import { parcelsWhere, pickupGrantOf } from '../store/wall.ts'
import type { App } from './app.ts'
import { who } from './permission.ts'

const hasCode = new Set(['waiting', 'expired'])

/** What a resident can do from a phone. */
export function residentRoutes(app: App, ctx: Context): void {
  app.get('/api/me/parcels', { config: { roles: ['resident'] } }, async (request, reply) => {
    const parcels = await parcelsWhere(ctx.sql, { residentId: who(request).actorId })
    const items = await Promise.all(
      parcels.map(async ({ residentId: _, carrierId: __, tracking: ___, ...parcel }) => {
        const grantId = hasCode.has(parcel.state) ? await pickupGrantOf(ctx.sql, parcel.id) : undefined
        return grantId ? { ...parcel, code: await codeOfGrant(ctx, grantId) } : parcel
      }),
    )
    return reply.header('cache-control', 'no-store').send({ items })
  })
}
