import { type Static, Type } from 'typebox'
import { At, maybe, Size } from './shared.ts'

/** A door as the wall shows it: what lies where, without a name. */
export const WallDoor = Type.Object({
  id: Type.String(),
  controllerId: Type.String(),
  door: Type.Integer(),
  kind: Type.Enum(['compartment', 'room']),
  size: maybe(Size),
  height: Type.Enum(['low', 'normal', 'high']),
  name: maybe(Type.String()),
  /** where it stands in the bank, from the left and from the top, 1 first; null: nobody said */
  column: maybe(Type.Integer()),
  row: maybe(Type.Integer()),
  offer: Type.Enum(['free', 'unchecked', 'reserved', 'in-use', 'contested', 'retired']),
  state: Type.Enum(['closed', 'unlocked', 'open', 'jammed', 'unknown']),
  occupied: maybe(Type.Boolean()),
  mode: Type.Enum(['normal', 'free', 'locked']),
  /** rings: forced until somebody looked, held-open until it is shut */
  alarm: maybe(Type.Object({ kind: Type.Enum(['forced', 'held-open']), at: At })),
  /** what its lock does then, as its controller says; null: it does not say */
  withoutPower: maybe(Type.Enum(['fail-safe', 'fail-secure'])),
  since: At,
  parcel: maybe(
    Type.Object({
      id: Type.String(),
      state: Type.String(),
      receipt: Type.String(),
      placedAt: maybe(At),
      deadlineAt: maybe(At),
      notSeen: Type.Boolean(),
      unconfirmed: Type.Boolean(),
    }),
  ),
})
export type WallDoor = Static<typeof WallDoor>

const version = Type.Object({ made: Type.Integer(), known: Type.Integer() })

export const WallController = Type.Object({
  id: Type.String(),
  siteId: Type.String(),
  name: Type.String(),
  online: Type.Boolean(),
  lastSeenAt: maybe(At),
  firmware: maybe(Type.String()),
  /** none: it does not know the time, and refuses rotating codes */
  clock: maybe(Type.String()),
  /** when its clock was set right last, by how many ms; more than 30 s only */
  clockSet: maybe(Type.Object({ by: Type.Integer(), at: At })),
  acked: maybe(Type.Object({ journal: Type.String(), seq: Type.Integer() })),
  /** events that it said it has and that are not in yet */
  waiting: Type.Integer(),
  grantsVersion: version,
  configVersion: version,
  suspect: Type.Integer(),
  /** after a restore of the database: what happened since is not in yet */
  doubtful: Type.Boolean(),
  /** how the doors it reports differ from those the site expects */
  doorsDiffer: maybe(Type.String()),
  retiredAt: maybe(At),
})
export type WallController = Static<typeof WallController>

export const OrderView = Type.Object({
  id: Type.String(),
  controllerId: Type.String(),
  doorId: Type.String(),
  type: Type.Enum(['open', 'mode']),
  /** of an order of type mode; it ends by itself after `forMs` */
  mode: maybe(Type.String()),
  forMs: maybe(Type.Integer()),
  state: Type.Enum(['made', 'sent', 'done', 'refused', 'expired']),
  reason: maybe(Type.String()),
  madeBy: maybe(Type.String()),
  madeAt: At,
  deadlineAt: At,
  acceptedAt: maybe(At),
  unlockedAt: maybe(At),
  openedAt: maybe(At),
  late: Type.Boolean(),
})
export type OrderView = Static<typeof OrderView>
