import { type Static, Type } from 'typebox'
import { body, ControllerId, Id, query, Size, Words } from './shared.ts'

export const AvailabilityQuery = query({ controllerId: ControllerId })

export const NewParcel = body({
  controllerId: ControllerId,
  residentId: Type.Optional(Id),
  flat: Type.Optional(Words),
  size: Size,
  carrier: Type.Optional(Words),
  tracking: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
})

export const Swap = body({
  size: Size,
  /** what lay in the box that was opened, when that is why another one is wanted */
  found: Type.Optional(Type.Enum(['empty', 'something'])),
})

export const Availability = Type.Object({
  controllerId: Type.String(),
  online: Type.Boolean(),
  sizes: Type.Array(Type.Object({ size: Size, free: Type.Integer() })),
})

const placed = { id: Type.String(), receipt: Type.String(), doorId: Type.String(), door: Type.Integer() }
export const Placing = Type.Object({ ...placed, orderId: Type.String(), state: Type.Literal('placing') })
export type Placing = Static<typeof Placing>
export const ParcelNow = Type.Object({ ...placed, state: Type.String() })
