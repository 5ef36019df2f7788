import { expect } from 'vitest'
import { checkProof } from '../../dashboard/src/verify/check-proof.ts'
import { proofOf } from '../../server/store/proof.ts'
import type { World } from './world.ts'

/** Whatever life a parcel had, its proof holds; a backup put back took it away altogether or left it whole. */
export async function allProven({ sql, siteId }: World): Promise<void> {
  const parcels = await sql<{ id: string }[]>`select id from parcels`
  for (const { id } of parcels) {
    const verdict = await checkProof(JSON.stringify(await proofOf(sql, { id, siteId })))
    expect([id, verdict]).toEqual([id, expect.objectContaining({ holds: true })])
  }
}
