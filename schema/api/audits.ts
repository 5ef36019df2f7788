import { type Static, Type } from 'typebox'
import { At, body, ControllerId, items, maybe, Reason, Size } from './shared.ts'

const text = Type.String()

export const NewAudit = body({ controllerId: ControllerId, reason: Reason })

/** A walk along a bank: all its boxes, one after the other, each looked into. */
export const AuditView = Type.Object({
  id: text,
  controllerId: text,
  madeAt: At,
  endedAt: maybe(At),
  doors: Type.Array(
    Type.Object({
      id: text,
      door: Type.Integer(),
      size: maybe(Size),
      offer: text,
      state: text,
      /** what should lie in it; null: nothing */
      parcelState: maybe(text),
      receipt: maybe(text),
      /** what the look since the walk began has found; null: not looked into yet */
      found: maybe(Type.Enum(['empty', 'parcel', 'something-else'])),
      lookedAt: maybe(At),
    }),
  ),
})
export type AuditView = Static<typeof AuditView>

export const RunningAudits = items(Type.Object({ id: text, controllerId: text, madeAt: At }))
/** `left`: boxes that nobody looked into */
export const EndedAudit = Type.Object({ id: text, left: Type.Array(Type.Integer()) })
