import { type Static, Type } from 'typebox'
import { At, body, Id, items, maybe, query, Reason, Size } from './shared.ts'

const text = Type.String()

export const FindParcels = query({
  siteId: Id,
  /** a receipt, a tracking number, a flat, or the beginning of a name; none: all of them, newest first */
  q: Type.Optional(Type.String({ maxLength: 100 })),
  /** also those that ended: collected, cancelled, returned */
  ended: Type.Optional(Type.Boolean()),
})

/** Without a name: whose it is is asked for by its flat. */
export const CounterParcel = Type.Object({
  id: text,
  receipt: text,
  state: Type.Enum(['placing', 'waiting', 'collected', 'cancelled', 'expired', 'returned', 'contested']),
  size: Size,
  /** null, as the door is: on the shelf */
  controllerId: maybe(text),
  doorId: maybe(text),
  door: maybe(Type.Integer()),
  shelf: maybe(text),
  flat: text,
  carrier: maybe(text),
  tracking: maybe(text),
  placedAt: maybe(At),
  deadlineAt: maybe(At),
  endedAt: maybe(At),
  /** a badge that opens for it; `bankKnows`: the list in force at the bank has it */
  badge: maybe(Type.Object({ grantId: text, bankKnows: Type.Boolean() })),
})
export type CounterParcel = Static<typeof CounterParcel>
export const CounterParcels = items(CounterParcel)

export const Reassign = body({ residentId: Id, reason: Reason })
export const Reassigned = Type.Object({ id: text, residentId: text })
export const Correct = body({ state: Type.Enum(['waiting', 'collected', 'cancelled', 'returned']), reason: Reason })
export const Corrected = Type.Object({ id: text, state: text })
export const NewBadge = body({ badge: Type.String({ pattern: '^[0-9a-fA-F]{8,20}$', description: 'UID in hex' }) })
export const BadgeMade = Type.Object({ grantId: text })
export const CollectFor = Type.Object({ orderId: text })

/** What is in a box that comes back into service. */
export const ReturnBox = body({ found: Type.Enum(['empty', 'something-else']), reason: Reason })
