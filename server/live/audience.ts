import type { OrderView, ParcelChange, WallController, WallDoor } from '../../schema/api/live.ts'
import { isAllowed } from '../../schema/api/roles.ts'
import { attentionFor, doorOnly } from '../domain/seen.ts'
import type { Session } from '../domain/sessions.ts'

/** One change with everything in it, before it is cut to what a watcher may see. */
export type FullChange = {
  n: number
  at: string
  controllers: WallController[]
  doors: WallDoor[]
  orders: OrderView[]
  parcels: ParcelChange[]
  attention: string[]
}

export type Audience = 'wall' | 'devices' | { courier: string } | { resident: string }

/** Who works here watches the wall, a technician without parcels; the others hear of their own parcels and orders only. */
export function audienceOf({ role, actorId }: Pick<Session, 'role' | 'actorId'>): Audience {
  if (role === 'courier') return { courier: actorId }
  if (role === 'resident') return { resident: actorId }
  return isAllowed(role, 'seeParcel') ? 'wall' : 'devices'
}

export const doorsFor = (audience: 'wall' | 'devices', doors: WallDoor[]): WallDoor[] =>
  audience === 'wall' ? doors : doors.map(doorOnly)

/** A technician sees to doors and controllers, and not to parcels. */
const isOfDevices = (changed: string): boolean =>
  attentionFor('technician').kinds.some(kind => changed.startsWith(`${kind}/`))

/** Every watcher hears every number, so that a gap is always a loss; what is not theirs is just left out. */
export function changeFor(audience: Audience, change: FullChange): string {
  const { n, at } = change
  const short = ({ id, state, doorId }: ParcelChange) => ({ id, state, doorId })
  if (audience === 'wall' || audience === 'devices') {
    const { controllers, orders } = change
    const doors = doorsFor(audience, change.doors)
    const parcels = audience === 'wall' ? change.parcels.map(short) : []
    const attention = audience === 'wall' ? change.attention : change.attention.filter(isOfDevices)
    return JSON.stringify({
      type: 'change',
      n,
      at,
      ...(controllers.length > 0 ? { controllers } : {}),
      ...(doors.length > 0 ? { doors } : {}),
      ...(orders.length > 0 ? { orders } : {}),
      ...(parcels.length > 0 ? { parcels } : {}),
      ...(attention.length > 0 ? { attention } : {}),
    })
  }
  const mine = (parcel: ParcelChange) =>
    'courier' in audience ? parcel.carrierId === audience.courier : parcel.residentId === audience.resident
  const actor = 'courier' in audience ? audience.courier : audience.resident
  const parcels = change.parcels.filter(mine).map(short)
  const orders = change.orders.filter(order => order.madeBy === actor)
  return JSON.stringify({
    type: 'change',
    n,
    at,
    ...(orders.length > 0 ? { orders } : {}),
    ...(parcels.length > 0 ? { parcels } : {}),
  })
}
