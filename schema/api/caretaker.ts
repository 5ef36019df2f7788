import { Type } from 'typebox'
import { contact } from './notices.ts'
import { At, body, ControllerId, Id, items, Moment, query, Reason, Size, Words } from './shared.ts'
import { WallController, WallDoor } from './wall.ts'

/** Compartments have both column and row, or neither; the wall then finds a place by number and size. */
const place = { minimum: 1, maximum: 500 }

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
      column: Type.Optional(Type.Integer({ ...place, description: 'where it stands: column from the left, 1 first' })),
      row: Type.Optional(Type.Integer({ ...place, description: 'row from the top of its column, 1 first' })),
      doorSensor: Type.Boolean(),
      occupancySensor: Type.Boolean(),
    }),
    { minItems: 1, maxItems: 500 },
  ),
})

const orNone = { ...place, description: 'null: it stands nowhere, and the wall finds a place' }
const Place = Type.Union([Type.Integer(orNone), Type.Null()])

/** By the number of the door; what is left out stays as it is. */
export const PlaceDoors = body({
  doors: Type.Array(
    body({
      door: Type.Integer({ minimum: 0, maximum: 65_535 }),
      size: Type.Optional(Size),
      height: Type.Optional(Type.Enum(['low', 'normal', 'high'])),
      column: Type.Optional(Place),
      row: Type.Optional(Place),
    }),
    { minItems: 1, maxItems: 500 },
  ),
})

export const OfSite = query({ siteId: Id })
export const MaybeOfSite = query({ siteId: Type.Optional(Id) })

/** The device ends `free` and `locked` by itself after `forMs`; `normal` ends them at once and needs none. */
export const SetMode = body({
  mode: Type.Enum(['free', 'locked', 'normal']),
  forMs: Type.Optional(Type.Integer({ minimum: 60_000, maximum: 31 * 24 * 3_600_000 })),
  reason: Reason,
})

export const Looked = body({
  found: Type.Enum(['empty', 'parcel', 'something-else']),
  reason: Type.Optional(Reason),
})

export const NewResident = body({
  siteId: Id,
  name: Words,
  flat: Words,
  pin: Type.Optional(Type.String({ pattern: '^\\d{4,12}$' })),
  needsLowDoor: Type.Optional(Type.Boolean()),
  ...contact,
})
/** `code` left out: one is drawn, and told once. */
export const NewCarrier = body({
  siteId: Id,
  name: Words,
  code: Type.Optional(Type.String({ minLength: 6, maxLength: 64 })),
})

export const NewGrant = body({
  doorId: Id,
  from: Moment,
  until: Moment,
  /** 1: once; 0: any number of times */
  uses: Type.Optional(Type.Enum([0, 1])),
  means: Type.Enum(['code', 'totp', 'badge']),
  /** UID, needed with means badge and only there */
  badge: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{8,20}$' })),
  residentId: Type.Optional(Id),
  reason: Reason,
})

const text = Type.String()
export const Doors = items(WallDoor)
export const Controllers = items(WallController)
export const ControllerWithDoors = Type.Object({ ...WallController.properties, doors: Type.Array(WallDoor) })
/** told once */
export const Credentials = Type.Object({ id: text, password: text, codeKey: text })
export const Ordered = Type.Object({ orderId: text, grantId: text })
export const LookedNow = Type.Object({ id: text, offer: text })
/** the PIN is told once */
export const MadeResident = Type.Object({ id: text, memberNumber: text, pin: text })
export const Carriers = items(Type.Object({ id: text, siteId: text, name: text, codeMadeAt: At }))
/** `code`: a drawn one, told once */
export const CarrierMade = Type.Object({ id: text, code: Type.Optional(text) })
export const CarrierCode = Type.Object({ id: text, code: text })
export const Code = Type.Object({ code: text })
/** `from`: when the door opens for it, of a room 15 minutes before the booked time */
export const MadeGrant = Type.Object({
  id: text,
  from: At,
  until: At,
  code: Type.Optional(Type.String({ description: 'of means code' })),
  uri: Type.Optional(Type.String({ description: 'of means totp: otpauth://, for the authenticator of the person' })),
})
