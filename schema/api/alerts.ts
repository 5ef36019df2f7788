import { type Static, Type } from 'typebox'
import { At, body, Id, items, maybe, query, Reason } from './shared.ts'

export const AlertKind = Type.Enum(['not-mine', 'damaged', 'door-shut'])
export type AlertKind = Static<typeof AlertKind>

/** `door-shut`: the door did not open */
export const NewAlert = body({ kind: AlertKind, says: Type.Optional(Reason) })
export const MadeAlert = Type.Object({ id: Type.String(), parcelState: Type.String() })

const state = Type.Enum(['open', 'taken', 'settled'])
export const AlertsQuery = query({ siteId: Id, state: Type.Optional(state) })
export const SettleAlert = body({ note: Reason })
export const AlertNow = Type.Object({ id: Type.String(), state })

const text = Type.String()
export const AlertView = Type.Object({
  id: text,
  kind: AlertKind,
  state,
  parcelId: text,
  receipt: text,
  parcelState: text,
  doorId: maybe(text),
  door: maybe(Type.Integer()),
  controllerId: maybe(text),
  bank: maybe(text),
  says: maybe(text),
  madeAt: At,
  takenBy: maybe(text),
  takenAt: maybe(At),
  settledBy: maybe(text),
  settledAt: maybe(At),
  settleNote: maybe(text),
  /** what the bank had told when the alert was made */
  online: Type.Boolean(),
  lastSeenAt: maybe(At),
  doorState: text,
  /** what had happened at the door and the keypad in the 15 minutes before */
  entries: Type.Array(
    Type.Object({
      n: Type.Integer(),
      type: text,
      at: At,
      live: Type.Boolean(),
      facts: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
})
export type AlertView = Static<typeof AlertView>
export const Alerts = items(AlertView)
