import type { GrantRow } from '../store/rows.ts'

export type GrantState = 'coming' | 'active' | 'used' | 'ended' | 'revoked'

/** A grant in the words of the product. Revoked is what a person did; whether the door knows of it is another question. */
export function grantState(
  grant: Pick<GrantRow, 'from' | 'until' | 'uses' | 'usedAt' | 'revokedAt'>,
  now: Date,
): GrantState {
  if (grant.revokedAt) return 'revoked'
  if (grant.uses === 1 && grant.usedAt) return 'used'
  if (grant.until < now) return 'ended'
  return grant.from > now ? 'coming' : 'active'
}
