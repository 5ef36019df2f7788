import { type Static, Type } from 'typebox'
import { Means } from './rooms.ts'
import { At, body, Id, items, Moment, maybe, Words } from './shared.ts'

const text = Type.String()

/** `places`: how many can sign up. */
export const NewWorkshop = body({
  roomId: Id,
  title: Words,
  from: Moment,
  until: Moment,
  places: Type.Integer({ minimum: 1, maximum: 1_000 }),
  means: Type.Optional(Means),
})
export const SignUp = body({ means: Type.Optional(Means) })

/** As a member sees it; `mine`: host, a seat, or nothing yet; `opensAt`: for me. */
export const OwnWorkshop = Type.Object({
  id: text,
  roomId: text,
  room: text,
  title: text,
  from: At,
  until: At,
  places: Type.Integer(),
  free: Type.Integer(),
  state: Type.Enum(['announced', 'cancelled']),
  mine: maybe(Type.Enum(['host', 'seat'])),
  means: maybe(Type.Enum(['code', 'totp', 'badge'])),
  opensAt: maybe(At),
  /** whether the door has what is said here of me; null when there is nothing to know */
  doorKnows: maybe(Type.Boolean()),
  doorOnline: Type.Boolean(),
  doorSeenAt: maybe(At),
})
export type OwnWorkshop = Static<typeof OwnWorkshop>
export const OwnWorkshops = items(OwnWorkshop)
export const WorkshopNow = Type.Object({ id: text, state: Type.Enum(['announced', 'cancelled']) })
export const SeatNow = Type.Object({ id: text, state: Type.Enum(['signed-up', 'cancelled']) })
