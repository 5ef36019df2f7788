import { type Static, Type } from 'typebox'
import { At, body, ControllerId, Id, maybe, query, Size, Words } from './shared.ts'

export const AvailabilityQuery = query({ controllerId: ControllerId })
export const BanksQuery = query({ siteId: Id })
export const RecipientsQuery = query({
  controllerId: ControllerId,
  q: Type.String({ minLength: 1, maxLength: 100, description: 'a flat number, or the first letters of a name' }),
})

const Tracking = Type.String({ minLength: 1, maxLength: 100, description: 'kept as typed' })

export const NewParcel = body({
  controllerId: ControllerId,
  residentId: Type.Optional(Id),
  flat: Type.Optional(Words),
  size: Size,
  carrier: Type.Optional(Words),
  tracking: Type.Optional(Tracking),
  /** into the box in which the same carrier has laid one for the same flat */
  join: Type.Optional(Type.Boolean()),
})

export const OnShelf = body({
  siteId: Id,
  residentId: Type.Optional(Id),
  flat: Type.Optional(Words),
  size: Size,
  /** where it lies */
  shelf: Words,
  carrier: Type.Optional(Words),
  tracking: Type.Optional(Tracking),
})

export const Swap = body({
  size: Size,
  /** what lay in the box that was opened, when that is why another one is wanted */
  found: Type.Optional(Type.Enum(['empty', 'something'])),
})

const sizes = Type.Array(Type.Object({ size: Size, free: Type.Integer() }))
export const Availability = Type.Object({ controllerId: Type.String(), online: Type.Boolean(), sizes })
export const Bank = Type.Object({ ...Availability.properties, name: Type.String() })
export type Bank = Static<typeof Bank>

/** Nobody's name: who stands before the bank compares initials and flat with the label. */
export const Recipient = Type.Object({
  residentId: Type.String(),
  initials: Type.String(),
  flat: Type.String(),
  /** the box that a second parcel for this flat may share */
  beside: maybe(Type.Object({ door: Type.Integer(), size: Size })),
})
export type Recipient = Static<typeof Recipient>

const made = { id: Type.String(), receipt: Type.String() }
const placed = { ...made, doorId: Type.String(), door: Type.Integer() }
export const Placing = Type.Object({
  ...placed,
  size: Size,
  unchecked: Type.Boolean({ description: 'nobody has looked into this box since it was used' }),
  orderId: Type.String(),
  state: Type.Literal('placing'),
})
export type Placing = Static<typeof Placing>
export const ParcelNow = Type.Object({ ...placed, state: Type.String() })
export type ParcelNow = Static<typeof ParcelNow>
export const Shelved = Type.Object({ ...made, state: Type.String(), shelf: Type.String() })
export type Shelved = Static<typeof Shelved>

export const HandOver = body({
  to: Type.Enum(['resident', 'carrier']),
  reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
})

export const ToTakeBack = Type.Object({
  ...made,
  tracking: maybe(Type.String()),
  size: Size,
  deadlineAt: At,
  door: maybe(Type.Integer()),
  controllerId: maybe(Type.String()),
  shelf: maybe(Type.String()),
})
export type ToTakeBack = Static<typeof ToTakeBack>
export const Taking = Type.Object({
  id: Type.String(),
  doorId: Type.String(),
  door: Type.Integer(),
  orderId: Type.String(),
})
export type Taking = Static<typeof Taking>
