import { Proof } from '../../schema/api/proof.ts'
import { may } from '../../schema/api/roles.ts'
import { ById } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { proofOf } from '../store/proof.ts'
import { type App, gives } from './app.ts'
import { visibleParcel, who } from './permission.ts'

/** One file that both sides can keep, and anybody can check at /verify or by hand. */
export function proofRoutes(app: App, ctx: Context): void {
  const schema = { params: ById, response: gives(200, Proof) }
  app.get('/api/parcels/:id/proof', { schema, config: { roles: may.seeParcel } }, async (request, reply) => {
    const parcel = await visibleParcel(ctx, who(request), request.params.id)
    const proof = await proofOf(ctx.sql, parcel)
    if (!proof) throw new Refusal('proof-too-large')
    reply.header('content-disposition', `attachment; filename="proof-${parcel.receipt}.json"`)
    return proof
  })
}
