import type { TotpGrant } from '../../schema/wire/codes.ts'
import type { ListedGrant } from '../../schema/wire/down.ts'
import { limits } from '../../schema/wire/limits.ts'
import type { GrantRow } from '../store/rows.ts'

export type ForList = GrantRow & { door: number; totp?: TotpGrant | undefined }

/**
 * What a controller's list says in the version that was built at that moment. Revoked ones are gone, ended ones stay for
 * 7 days, and a use is told only if it was booked by then, so that the pages of a version never change.
 */
export function grantsList(grants: ForList[], version: number): ListedGrant[] {
  return grants
    .filter(grant => grant.means !== 'order' && (grant.revokedAt === null || (grant.revokedVersion ?? 0) > version))
    .filter(grant => grant.madeAt.getTime() <= version)
    .filter(grant => grant.until.getTime() + limits.endedGrantsListedMs > version)
    .map(grant => ({
      grant: grant.id,
      door: grant.door,
      from: grant.from.getTime(),
      until: grant.until.getTime(),
      uses: grant.uses,
      ...(grant.reopenMs > 0 ? { reopenMs: grant.reopenMs } : {}),
      ...(grant.means === 'code' && grant.check ? { check: grant.check } : {}),
      ...(grant.means === 'badge' && grant.check ? { badge: grant.check } : {}),
      ...(grant.means === 'totp' && grant.totp ? { totp: grant.totp } : {}),
      ...(grant.uses === 1 && grant.usedAt && grant.usedRecordedAt && grant.usedRecordedAt.getTime() <= version
        ? { usedAt: grant.usedAt.getTime() }
        : {}),
    }))
}
