import { type Static, Type } from 'typebox'
import { At, body, Id, maybe, query, Reason } from './shared.ts'

const text = Type.String()
const NoticeState = Type.Enum(['waiting', 'sent', 'dead', 'dropped'])

export const NoticesQuery = query({
  siteId: Id,
  state: Type.Optional(NoticeState),
  cursor: Type.Optional(Id),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
})

/** Without address, text and code. */
export const Notice = Type.Object({
  id: text,
  kind: text,
  channel: Type.Enum(['email', 'sms', 'voice']),
  state: NoticeState,
  residentId: text,
  flat: text,
  parcelId: maybe(text),
  receipt: maybe(text),
  tries: Type.Integer(),
  lastProblem: maybe(text),
  /** when it is tried next */
  runAt: At,
  madeAt: At,
  sentAt: maybe(At),
})
export type Notice = Static<typeof Notice>
export const Notices = Type.Object({ items: Type.Array(Notice), next: maybe(text) })
export const SettleNotice = body({ note: Reason })
export const SettledNotice = Type.Object({ id: text, state: Type.Literal('dropped') })
export const RetriedNotice = Type.Object({ id: text, state: Type.Literal('waiting') })

export const emailForm = '^[^@\\s<>,;:"]+@[^@\\s<>,;:"]+$'

/** How a resident is told; `tellBy` left out: by e-mail, without one by SMS. Empty: by nothing. */
export const contact = {
  email: Type.Optional(Type.String({ minLength: 3, maxLength: 254, pattern: emailForm })),
  /** +33612345678, or as it is dialled in France */
  phone: Type.Optional(Type.String({ minLength: 6, maxLength: 30, pattern: '^[+0][0-9 .()-]+$' })),
  language: Type.Optional(Type.Enum(['fr', 'en'])),
  tellBy: Type.Optional(Type.Array(Type.Enum(['email', 'sms', 'voice']), { maxItems: 3 })),
}
export const NewContact = body(contact)
export const ContactNow = Type.Object({ id: text, tellBy: Type.Array(text) })
