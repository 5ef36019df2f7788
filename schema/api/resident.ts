import { type Static, Type } from 'typebox'
import { At, body, items, maybe, Words } from './shared.ts'
import { ParcelView } from './timeline.ts'

const text = Type.String()

export const Profile = Type.Object({
  id: text,
  name: text,
  flat: text,
  memberNumber: text,
  needsLowDoor: Type.Boolean(),
  email: maybe(text),
  phone: maybe(text),
  /** null: the site's */
  language: maybe(text),
  tellBy: Type.Array(Type.Enum(['email', 'sms', 'voice'])),
  site: Type.Object({
    id: text,
    name: text,
    timeZone: text,
    extensionDays: Type.Integer(),
    holdDays: Type.Integer(),
  }),
})
export type Profile = Static<typeof Profile>

export const Needs = body({ needsLowDoor: Type.Boolean() })
export const NeedsNow = Type.Object({ id: text, needsLowDoor: Type.Boolean() })

export const NewDelegate = body({ name: Words })
export const DelegateMade = Type.Object({ id: text, code: text })
export const DelegateGone = Type.Object({ id: text })

/** Somebody who may collect this one parcel; `code` while it opens. */
export const Delegate = Type.Object({
  id: text,
  name: text,
  state: Type.Enum(['active', 'used', 'ended', 'revoked']),
  code: Type.Optional(text),
  /** whether the bank has what is said here; if not it was heard last at `bankSeenAt` */
  bankKnows: Type.Boolean(),
  bankSeenAt: maybe(At),
})
export type Delegate = Static<typeof Delegate>

const { timeline: _, tracking: __, ...parcel } = ParcelView.properties
/** A resident's own; `code` while it waits. */
export const OwnParcel = Type.Object({
  ...parcel,
  /** null, as the door is: at the counter */
  bank: maybe(text),
  code: Type.Optional(text),
  byDelegate: Type.Boolean(),
  /** the last day that they said to be away */
  heldUntil: maybe(text),
  extensionsLeft: Type.Integer(),
  delegates: Type.Array(Delegate),
})
export type OwnParcel = Static<typeof OwnParcel>
export const OwnParcels = items(OwnParcel)
