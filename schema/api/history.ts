import { type Static, Type } from 'typebox'
import { type FactKind, factKinds } from './fact-types.ts'
import { ControllerId, Id, items, Moment, maybe, query, Words } from './shared.ts'
import { TimelineEntry } from './timeline.ts'

/** Who may stand behind a fact; `itself`: a device, or the passing of time. */
export const actorKinds = ['staff', 'carrier', 'resident', 'itself'] as const

export const HistoryQuery = query({
  siteId: Type.Optional(Id),
  doorId: Type.Optional(Id),
  parcelId: Type.Optional(Id),
  controllerId: Type.Optional(ControllerId),
  actorId: Type.Optional(Id),
  by: Type.Optional(Type.Enum([...actorKinds])),
  kind: Type.Optional(Type.Enum(Object.keys(factKinds) as FactKind[])),
  type: Type.Optional(Type.String({ maxLength: 60 })),
  suspect: Type.Optional(Type.Boolean()),
  /** in receipt and tracking numbers, names of banks, rooms and staff, reasons */
  q: Type.Optional(Words),
  from: Type.Optional(Moment),
  until: Type.Optional(Moment),
  cursor: Type.Optional(Type.String({ maxLength: 100 })),
  /** of a page: 100 when it is not said. A CSV without it holds everything, 200,000 entries at most */
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  /** the same as Accept: text/csv, for a link */
  as: Type.Optional(Type.Enum(['csv'])),
})

const reference = maybe(Type.String())
/** A resident has no name here: asking for it is something of its own. */
export const Actor = Type.Object({
  id: Type.String(),
  kind: Type.Enum(['staff', 'carrier', 'resident']),
  name: reference,
})
export type Actor = Static<typeof Actor>

export const HistoryItem = Type.Object({
  ...TimelineEntry.properties,
  siteId: Type.String(),
  controllerId: reference,
  doorId: reference,
  grantId: reference,
  orderId: reference,
  parcelId: reference,
  actorId: reference,
  /** the bank's or room controller's name */
  controller: reference,
  door: maybe(Type.Integer()),
  doorName: reference,
  receipt: reference,
  actor: maybe(Actor),
  /** the reason that somebody gave */
  note: reference,
})
export type HistoryItem = Static<typeof HistoryItem>
export const HistoryPage = Type.Object({ items: Type.Array(HistoryItem), next: maybe(Type.String()) })
export type HistoryPage = Static<typeof HistoryPage>

export const ActorsQuery = query({ siteId: Id })
/** Staff and carriers of a site, to choose from. */
export const Actors = items(Actor)
