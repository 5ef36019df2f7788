import { type Static, type TOptional, type TSchema, Type } from 'typebox'
import { gridMs } from './grid.ts'
import { At, body, Id, items, Moment, maybe, query, Reason, Words } from './shared.ts'

const text = Type.String()
const minuteMs = 60_000
const dayMs = 24 * 3_600_000

export const Day = Type.String({ minLength: 10, maxLength: 10, pattern: '^2\\d{3}-\\d{2}-\\d{2}$' })
const Clock = Type.String({ minLength: 5, maxLength: 5, pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })
const Weekday = Type.Integer({ minimum: 1, maximum: 7 })
const Ms = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })

/** A fixed code for the booked time, or one that changes every 30 seconds, on the phone. */
export const Means = Type.Enum(['code', 'totp'])

/** `weekday` 1 Monday … 7 Sunday; clocks of the site's wall; `until` not later than `from`: on the next day. */
const hours = { weekday: Weekday, from: Clock, until: Clock }
export const Hours = Type.Object(hours)
/** A day that is not as its weekday; without `from` and `until` it is closed. */
export const Exception = Type.Object({ day: Day, from: maybe(text), until: maybe(text), reason: maybe(text) })

const rules = {
  name: Words,
  /** people who may be in it */
  capacity: Type.Integer({ minimum: 1, maximum: 1_000 }),
  /** kept free after each booking */
  bufferMs: Ms(0, dayMs),
  longestMs: Ms(gridMs, 7 * dayMs),
  /** how far ahead it can be booked */
  aheadMs: Ms(gridMs, 366 * dayMs),
  whoMayBook: Type.Enum(['members', 'caretaker']),
  /** given back when nobody came for so long */
  noShowMs: Ms(minuteMs, dayMs),
  /** closed on the public holidays of */
  holidays: Type.Enum(['none', 'FR']),
}
const optional = <T extends Record<string, TSchema>>(members: T) =>
  Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, Type.Optional(shape)])) as {
    [name in keyof T]: TOptional<T[name]>
  }

const { name, capacity, ...defaulted } = rules
/** `places`: how many can be booked at one time; 1: the room as a whole. */
export const NewRoom = body({
  doorId: Id,
  name,
  capacity,
  places: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  ...optional(defaulted),
  hours: Type.Optional(Type.Array(body(hours), { maxItems: 50 })),
})
export const ChangeRoom = body(optional(rules))
export const SetHours = body({ hours: Type.Array(body(hours), { maxItems: 50 }) })
export const SetException = body({
  day: Day,
  is: Type.Enum(['closed', 'open', 'as-usual']),
  from: Type.Optional(Clock),
  until: Type.Optional(Clock),
  reason: Type.Optional(Reason),
})

export const Span = Type.Object({ from: At, until: At })
export type Span = Static<typeof Span>

const shown = {
  id: text,
  ...rules,
  places: Type.Integer(),
  hours: Type.Array(Hours),
  exceptions: Type.Array(Exception),
  timeZone: text,
  /** its door's controller is connected */
  online: Type.Boolean(),
}
export const Room = Type.Object({ ...shown, siteId: text, doorId: text, controllerId: text, retiredAt: maybe(At) })
export type Room = Static<typeof Room>
export const Rooms = items(Room)
export const RoomsQuery = query({ siteId: Id })
/** Bookings that were made before and do not fit what is open now. */
export const HoursNow = Type.Object({ id: text, outside: Type.Array(Type.Object({ id: text, from: At, until: At })) })

/** As a member sees it; `gridMs`: what starts and ends are multiples of. */
export const OwnRoom = Type.Object({ ...shown, mayBook: Type.Boolean(), gridMs: Type.Integer() })
export type OwnRoom = Static<typeof OwnRoom>
export const OwnRooms = items(OwnRoom)

export const OfDay = query({ day: Day })
export const ClosedWhy = maybe(Type.Enum(['weekday', 'exception', 'holiday']))
const slots = {
  day: text,
  closed: ClosedWhy,
  open: Type.Array(Span),
  /** the longest stretches that can be booked from a start on that day, and at how many places */
  free: Type.Array(Type.Object({ ...Span.properties, places: Type.Integer() })),
  /** no start of that day is later: its last quarter, or as far ahead as can be booked now */
  lastStart: At,
}
export const Slots = Type.Object({ roomId: text, ...slots })
export type Slots = Static<typeof Slots>

export const NewBooking = body({ roomId: Id, from: Moment, until: Moment, means: Type.Optional(Means) })
export const ChangeBooking = body({ from: Moment, until: Moment })
const BookingState = Type.Enum(['booked', 'kept', 'cancelled', 'released'])
const AnyMeans = Type.Enum(['code', 'totp', 'badge'])

/** What the door knows of it: a door that is away hears of it at its next contact. */
const known = { doorKnows: Type.Boolean(), doorOnline: Type.Boolean(), doorSeenAt: maybe(At) }

/** A member's own; `opensAt`: when the door opens for it, 15 minutes before. */
export const OwnBooking = Type.Object({
  id: text,
  roomId: text,
  room: text,
  place: Type.Integer(),
  places: Type.Integer(),
  from: At,
  until: At,
  opensAt: At,
  state: BookingState,
  means: AnyMeans,
  ...known,
})
export type OwnBooking = Static<typeof OwnBooking>
export const OwnBookings = items(OwnBooking)

/** The code now; of a rotating one for how long, and null before the door opens for it. */
export const EntryCode = Type.Object({
  means: AnyMeans,
  code: maybe(text),
  validForMs: maybe(Type.Integer()),
  opensAt: At,
  until: At,
})
export type EntryCode = Static<typeof EntryCode>

const Badge = Type.String({ pattern: '^[0-9a-fA-F]{8,20}$' })
/** What a caretaker books for somebody; `badge`: its UID, with means badge and only there. */
export const NewBookingFor = body({
  residentId: Id,
  from: Moment,
  until: Moment,
  means: Type.Optional(AnyMeans),
  badge: Type.Optional(Badge),
})
/** `badge`: read again, of one that opens by a badge. */
export const ChangeBookingOf = body({ from: Moment, until: Moment, badge: Type.Optional(Badge) })
/** `code`: of means code, to be told or printed. */
export const BookedFor = Type.Object({ ...OwnBooking.properties, code: Type.Optional(text) })
export const BookingNow = Type.Object({ id: text, state: BookingState })

/** Without names. `entered`: its grant was used at the door. */
export const DayBooking = Type.Object({
  id: text,
  place: Type.Integer(),
  from: At,
  until: At,
  state: BookingState,
  means: maybe(AnyMeans),
  workshopId: maybe(text),
  title: maybe(text),
  entered: Type.Boolean(),
  ...known,
})
export type DayBooking = Static<typeof DayBooking>
/** `inside`: who came in by a grant that still lasts, less the exits the door saw since. */
export const RoomDay = Type.Object({
  room: Room,
  ...slots,
  bookings: Type.Array(DayBooking),
  inside: Type.Integer(),
})
export type RoomDay = Static<typeof RoomDay>

export const AskNames = body({ day: Day, reason: Reason })
/** `entry`: a grant made by hand; `inside`: came in and did not leave since, as far as the door knows. */
export const Names = items(
  Type.Object({
    bookingId: maybe(text),
    workshopId: maybe(text),
    as: Type.Enum(['member', 'host', 'seat', 'entry']),
    residentId: text,
    name: text,
    from: At,
    until: At,
    state: text,
    entered: Type.Boolean(),
    inside: Type.Boolean(),
  }),
)
export type Names = Static<typeof Names>

export const ForTime = body({ reason: Reason, forMs: Ms(minuteMs, 31 * dayMs) })
/** Which doors were told; those that are not connected now are not, and hear nothing of it later. */
export const ModeOrders = Type.Object({
  orders: Type.Array(Type.Object({ doorId: text, orderId: text })),
  notReachable: Type.Array(Type.Object({ doorId: text, controllerId: text })),
})
