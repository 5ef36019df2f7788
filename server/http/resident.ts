import { items } from '../../schema/api/shared.ts'
import { OwnParcel } from '../../schema/api/timeline.ts'
import type { Context } from '../context.ts'
import { codeOfGrant } from '../domain/grants.ts'
import { parcelsWhere, pickupGrantOf } from '../store/wall.ts'
import { type App, gives } from './app.ts'
import { who } from './permission.ts'

const hasCode = new Set(['waiting', 'expired'])

/** What a resident can do from a phone. */
export function residentRoutes(app: App, ctx: Context): void {
  const schema = { response: gives(200, items(OwnParcel)) }
  app.get('/api/me/parcels', { schema, config: { roles: ['resident'] } }, async request => {
    const parcels = await parcelsWhere(ctx.sql, { residentId: who(request).actorId })
    const own = await Promise.all(
      parcels.map(async ({ residentId: _, carrierId: __, tracking: ___, ...parcel }) => {
        const grantId = hasCode.has(parcel.state) ? await pickupGrantOf(ctx.sql, parcel.id) : undefined
        return grantId ? { ...parcel, code: await codeOfGrant(ctx, grantId) } : parcel
      }),
    )
    return { items: own }
  })
}
