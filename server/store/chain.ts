import { checkpointEvery } from '../../schema/api/proof.ts'
import type { Sql } from '../postgres/connect.ts'
import { chainHash, noHash } from './history.ts'

type Link = { n: number; previous: Buffer; hash: Buffer }

/**
 * The first row of a site's history that does not follow from the one before, or null when the chain is whole. Rows and
 * head are read as of one moment, since the site goes on.
 */
export async function brokenAt(sql: Sql, siteId: string): Promise<number | null> {
  return sql.begin('isolation level repeatable read read only', async tx => {
    const [site] = await tx<{ historyN: number; historyHash: Buffer; historyCheckpoint: Buffer }[]>`
      select history_n, history_hash, history_checkpoint from sites where id = ${siteId}`
    const rows = tx<(Link & Record<string, unknown>)[]>`select * from history where site_id = ${siteId} order by n`
    let n = 0
    let last: Buffer = noHash
    let checkpoint: Buffer = noHash
    for await (const page of rows.cursor(1000))
      for (const { previous, hash, ...chained } of page) {
        n += 1
        const follows = last.equals(previous) && chainHash({ previous, checkpoint }, chained).equals(hash)
        if (chained.n !== n || !follows) return n
        last = hash
        if (n % checkpointEvery === 0) checkpoint = hash
      }
    const headHolds = n === site?.historyN && last.equals(site.historyHash) && checkpoint.equals(site.historyCheckpoint)
    return headHolds ? null : n + 1
  }) as Promise<number | null>
}
