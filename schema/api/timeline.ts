import { type Static, Type } from 'typebox'
import { At, maybe, Size } from './shared.ts'

export const TimelineEntry = Type.Object({
  n: Type.Integer(),
  type: Type.String(),
  at: At,
  receivedAt: At,
  live: Type.Boolean(),
  facts: Type.Record(Type.String(), Type.Unknown()),
  suspect: maybe(Type.String()),
})
export type TimelineEntry = Static<typeof TimelineEntry>

const parcel = {
  id: Type.String(),
  siteId: Type.String(),
  receipt: Type.String(),
  state: Type.Enum(['placing', 'waiting', 'collected', 'cancelled', 'expired', 'returned', 'contested']),
  size: Size,
  /** without a door it lies on the shelf of the conciergerie, at this place */
  doorId: maybe(Type.String()),
  door: maybe(Type.Integer()),
  controllerId: maybe(Type.String()),
  shelf: maybe(Type.String()),
  /** the parcel it lies beside, whose code is its own too */
  joinedTo: maybe(Type.String()),
  notSeen: Type.Boolean(),
  unconfirmed: Type.Boolean(),
  madeAt: At,
  openedAt: maybe(At),
  placedAt: maybe(At),
  deadlineAt: maybe(At),
  endedAt: maybe(At),
}

export const ParcelView = Type.Object({
  ...parcel,
  carrier: maybe(Type.String()),
  tracking: maybe(Type.String()),
  timeline: Type.Array(TimelineEntry),
})
export type ParcelView = Static<typeof ParcelView>
