import { type Static, Type } from 'typebox'
import { At, body, Id, items, maybe, query, Reason } from './shared.ts'

const number = { minimum: 1, maximum: 2 ** 53 - 1 }

export const SuspectsOf = query({
  siteId: Id,
  settled: Type.Optional(Type.Boolean()),
  before: Type.Optional(Type.Integer({ ...number, description: 'the `n` of the last one of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
})
export const Settle = body({ siteId: Id, n: Type.Integer(number), note: Reason })
export const Settled = Type.Object({ n: Type.Integer() })

const text = Type.String()
export const SuspectFact = Type.Object({
  n: Type.Integer(),
  type: text,
  at: At,
  receivedAt: At,
  controllerId: maybe(text),
  doorId: maybe(text),
  door: maybe(Type.Integer()),
  parcelId: maybe(text),
  receipt: maybe(text),
  parcelState: maybe(text),
  suspect: text,
  settled: maybe(Type.Object({ at: At, by: text, note: maybe(text) })),
})
export type SuspectFact = Static<typeof SuspectFact>
export const SuspectFacts = items(SuspectFact)
