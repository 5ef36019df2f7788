import { parcelPlaced, placeParcel } from '../../server/domain/parcels.ts'
import type { House } from './house.ts'

/** What people do at the box of a house's bank. */
export function parcelsOf(house: House) {
  const parcel = async (id: string) => (await house.ctx.sql`select * from parcels where id = ${id}`)[0]!
  const offer = async (doorId: string) => (await house.ctx.sql`select offer from doors where id = ${doorId}`)[0]!.offer
  const factsOf = async (parcelId: string, type: string) =>
    (await house.ctx.sql`select facts from history where parcel_id = ${parcelId} and type = ${type} order by n`).map(
      row => row.facts,
    )
  return {
    parcel,
    offer,
    factsOf,
    async deposit() {
      const placing = await placeParcel(house.ctx, { controllerId: 'bank-1', residentId: house.residentId, size: 'M' })
      await house.outbox.idle()
      const { grant, order } = house.said.findLast(each => each.kind === 'order')!.message
      const cause = { grant, order }
      const { door } = placing
      await house.events({ type: 'unlocked', door, cause }, { type: 'opened', door }, { type: 'closed', door })
      await house.events({ type: 'occupied', door })
      await parcelPlaced(house.ctx, placing.id)
      await house.outbox.idle()
      return { ...placing, grant: (await parcel(placing.id)).pickupGrantId as string }
    },
    /** by a code that the device knows, in two messages: the use, then the door */
    async collect(door: number, grant: string, more: object = {}) {
      await house.events({ type: 'unlocked', door, cause: { grant }, ...more }, { type: 'opened', door, ...more })
      await house.events({ type: 'closed', door, ...more })
    },
    listed: () =>
      (house.said.findLast(each => each.kind === 'grants')!.message.grants as { grant: string }[]).map(
        each => each.grant,
      ),
  }
}
