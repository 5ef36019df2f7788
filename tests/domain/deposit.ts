import { createCarrier } from '../../server/domain/carriers.ts'
import { joinParcel } from '../../server/domain/join-parcel.ts'
import { type Placing, parcelPlaced, placeParcel } from '../../server/domain/parcels.ts'
import type { House } from './house.ts'

export const carrierOf = async (house: House, code = 'LAPOSTE-12'): Promise<string> =>
  (await createCarrier(house.ctx, { siteId: house.siteId, name: `Carrier ${code}`, code })).id

/** What the door tells when an order opened it and somebody put something in. */
export async function putIn(house: House, { door }: Pick<Placing, 'door'>): Promise<void> {
  const { order, grant } = house.said.findLast(each => each.kind === 'order')!.message
  await house.events({ type: 'unlocked', door, cause: { order, grant } }, { type: 'opened', door })
  await house.events({ type: 'closed', door }, { type: 'occupied', door })
}

type Wanted = { carrierId: string; residentId?: string; join?: boolean }

/** A whole deposit by a carrier, said to be done. */
export async function deposit(
  house: House,
  { carrierId, residentId = house.residentId, join }: Wanted,
): Promise<Placing> {
  const wanted = { controllerId: 'bank-1', residentId, size: 'M', carrierId } as const
  const placing = await (join ? joinParcel(house.ctx, wanted) : placeParcel(house.ctx, wanted))
  await house.outbox.idle()
  await putIn(house, placing)
  await parcelPlaced(house.ctx, placing.id)
  return placing
}

/** Somebody opens the box by its code and shuts it; the sensor says what is left. */
export async function collect(
  house: House,
  { door, id }: Pick<Placing, 'door' | 'id'>,
  left: 'vacant' | 'occupied' = 'vacant',
) {
  const [row] = await house.ctx.sql`select pickup_grant_id as grant from parcels where id = ${id}`
  await house.events({ type: 'unlocked', door, cause: { grant: row!.grant } }, { type: 'opened', door })
  await house.events({ type: 'closed', door }, { type: left, door })
}

export const stateOf = async (house: House, id: string): Promise<string> =>
  (await house.ctx.sql`select state from parcels where id = ${id}`)[0]!.state
export const offerOf = async (house: House, doorId: string): Promise<string> =>
  (await house.ctx.sql`select offer from doors where id = ${doorId}`)[0]!.offer
