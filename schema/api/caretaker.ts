import { Type } from 'typebox'
import { body, ControllerId, Id, Moment, Reason, Size, Words } from './shared.ts'

export const NewController = body({
  id: ControllerId,
  siteId: Id,
  name: Words,
  doors: Type.Array(
    body({
      door: Type.Integer({ minimum: 0, maximum: 65_535 }),
      kind: Type.Enum(['compartment', 'room']),
      size: Type.Optional(Size),
      height: Type.Optional(Type.Enum(['low', 'normal', 'high'])),
      name: Type.Optional(Words),
      doorSensor: Type.Boolean(),
      occupancySensor: Type.Boolean(),
    }),
    { minItems: 1, maxItems: 500 },
  ),
})

export const OfSite = Type.Object({ siteId: Id })
export const MaybeOfSite = Type.Object({ siteId: Type.Optional(Id) })

export const Looked = body({
  found: Type.Enum(['empty', 'parcel', 'something-else']),
  reason: Type.Optional(Reason),
})

export const NewResident = body({
  siteId: Id,
  name: Words,
  flat: Words,
  pin: Type.Optional(Type.String({ pattern: '^\\d{4,12}$' })),
})
export const FindResidents = Type.Object({
  siteId: Type.Optional(Id),
  q: Type.Optional(Type.String({ maxLength: 100 })),
})

export const NewCarrier = body({ siteId: Id, name: Words, code: Type.String({ minLength: 6, maxLength: 64 }) })

export const NewGrant = body({
  doorId: Id,
  from: Moment,
  until: Moment,
  uses: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
  means: Type.Enum(['code', 'totp', 'badge']),
  badge: Type.Optional(Type.String({ minLength: 4, maxLength: 64 })),
  residentId: Type.Optional(Id),
  reason: Reason,
})

export const HistoryQuery = Type.Object({
  siteId: Type.Optional(Id),
  doorId: Type.Optional(Id),
  parcelId: Type.Optional(Id),
  controllerId: Type.Optional(ControllerId),
  type: Type.Optional(Type.String({ maxLength: 60 })),
  suspect: Type.Optional(Type.Boolean()),
  from: Type.Optional(Moment),
  until: Type.Optional(Moment),
  cursor: Type.Optional(Type.String({ maxLength: 100 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
})
