import { type Static, Type } from 'typebox'
import { At, Id, items, maybe, query } from './shared.ts'

export const GrantsQuery = query({ doorId: Id })

/** Without names and codes. */
export const GrantView = Type.Object({
  id: Type.String(),
  doorId: Type.String(),
  means: Type.Enum(['code', 'totp', 'badge']),
  purpose: Type.String(),
  /** when the door opens for it */
  from: At,
  until: At,
  uses: Type.Integer(),
  state: Type.Enum(['coming', 'active', 'used', 'ended', 'revoked']),
  madeAt: At,
  /** last use that is recorded; after `revokedAt`: the door did not know it yet */
  usedAt: maybe(At),
  revokedAt: maybe(At),
  /** the list in force at the door says so too; else the door hears of it at its next contact */
  doorKnows: Type.Boolean(),
})
export type GrantView = Static<typeof GrantView>
export const GrantsOfDoor = items(GrantView)
