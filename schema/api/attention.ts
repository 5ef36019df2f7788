import { type Static, Type } from 'typebox'
import type { Ability } from './roles.ts'
import { At, body, Id, maybe, query } from './shared.ts'

/** What needs somebody, the most urgent first, and who is shown it: who may do something about it. */
export const attentionNeeds = {
  forced: 'watch',
  jammed: 'watch',
  'held-open': 'watch',
  told: 'help',
  contested: 'help',
  'keypad-locked': 'watch',
  offline: 'watch',
  doubtful: 'watch',
  suspect: 'devices',
  'notice-dead': 'people',
  overdue: 'help',
} as const satisfies Record<string, Ability>
export type AttentionKind = keyof typeof attentionNeeds
export const attentionKinds = Object.keys(attentionNeeds) as AttentionKind[]
const Kind = Type.Enum(attentionKinds)

const subject = Type.String({ minLength: 1, maxLength: 100, description: 'as the list names it' })
const text = Type.String()

export const AttentionQuery = query({ siteId: Id })
export const TakeAttention = body({
  ...{ siteId: Id, kind: Kind, id: subject },
  over: Type.Optional(Type.Boolean({ description: 'also when somebody else sees to it: from now on it is yours' })),
})
export const ReleaseAttention = body({ siteId: Id, kind: Kind, id: subject })

/** Without the name and the flat of a resident: the list hangs where everybody can read it. */
export const AttentionItem = Type.Object({
  kind: Kind,
  id: subject,
  /** since when; null: nothing says */
  at: maybe(At),
  /** ends by itself */
  until: maybe(At),
  controllerId: maybe(text),
  bank: maybe(text),
  doorId: maybe(text),
  door: maybe(Type.Integer()),
  doorName: maybe(text),
  /** a compartment can be looked into */
  doorKind: maybe(Type.Enum(['compartment', 'room'])),
  parcelId: maybe(text),
  receipt: maybe(text),
  shelf: maybe(text),
  /** what a resident said, why a fact is suspect, which notice, at which keypad */
  what: maybe(text),
  taken: maybe(Type.Object({ by: text, at: At, mine: Type.Boolean() })),
})
export type AttentionItem = Static<typeof AttentionItem>
/** `left`: how many more there are than the list holds */
export const Attention = Type.Object({ items: Type.Array(AttentionItem), left: Type.Integer() })
export type Attention = Static<typeof Attention>
export const TakenNow = Type.Object({ kind: Kind, id: subject, taken: Type.Boolean() })
