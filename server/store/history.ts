import { createHash, randomUUID } from 'node:crypto'
import { canonical } from '../../schema/api/canonical.ts'
import type { FactType } from '../../schema/api/fact-types.ts'
import { checkpointEvery } from '../../schema/api/proof.ts'
import type { Suspect } from '../../schema/api/suspects.ts'
import type { Tx } from '../postgres/connect.ts'
import { inserting, runAll, type Statement, updating } from './bulk.ts'

export type Fact = {
  type: FactType
  at: Date
  receivedAt: Date
  live?: boolean
  controllerId?: string | null
  journal?: string | null
  seq?: number | null
  doorId?: string | null
  grantId?: string | null
  orderId?: string | null
  parcelId?: string | null
  actorId?: string | null
  /** ids and facts only: no names, no free text, no code */
  facts?: object
  suspect?: Suspect | null
}

/** What stands for a row in the chain: a proof can show it in place of a row that is nobody's business. */
export const digestOf = (row: Record<string, unknown>): Buffer => createHash('sha256').update(canonical(row)).digest()

/** Before the first row. */
export const noHash = Buffer.alloc(32)

type Before = { previous: Uint8Array; checkpoint: Uint8Array }

/** The chain's hash after a row, as schema/api/proof.ts tells it. */
export const chainHash = ({ previous, checkpoint }: Before, row: Record<string, unknown>): Buffer =>
  createHash('sha256').update(previous).update(checkpoint).update(digestOf(row)).digest()

/**
 * Appends to the site's chain. Last in every transaction, since it holds the site's row until the commit. Not
 * `for update`: every row that names a site holds its key shared by then, and two writers who both want more than that
 * would wait for each other.
 */
export async function appendHistory(tx: Tx, siteId: string, facts: Fact[]): Promise<void> {
  if (facts.length === 0) return
  const heads = await tx<Head[]>`
    select id, history_n, history_hash, history_checkpoint from sites where id = ${siteId} for no key update`
  await runAll(tx, appending(heads, new Map([[siteId, facts]])))
}

/** The same fact at several sites, or at every one (null). In the order of their ids, as whoever holds several takes them. */
export async function appendAtSites(
  tx: Tx,
  siteIds: string[] | null,
  factAt: (siteId: string) => Promise<Fact>,
): Promise<void> {
  const ids = siteIds ?? (await tx<{ id: string }[]>`select id from sites`).map(({ id }) => id)
  const bySite = new Map<string, Fact[]>()
  for (const id of ids) bySite.set(id, [await factAt(id)])
  const heads = await tx<Head[]>`
    select id, history_n, history_hash, history_checkpoint from sites where id = any(${ids}::uuid[]) order by id for no key update`
  await runAll(tx, appending(heads, bySite))
}

export type Head = { id: string; historyN: number; historyHash: Buffer; historyCheckpoint: Buffer }

/** The same for several sites whose rows are held already. */
export function appending(heads: Head[], bySite: ReadonlyMap<string, Fact[]>): Statement[] {
  const longer = heads.filter(head => (bySite.get(head.id)?.length ?? 0) > 0)
  const rows = longer.flatMap(head => bySite.get(head.id)!.map(fact => linked(head, fact)))
  const moved = new Set<keyof Head>(['historyN', 'historyHash', 'historyCheckpoint'])
  return [...inserting('history', rows), ...updating('sites', new Map(longer.map(head => [head, moved])), ['id'])]
}

function linked(head: Head, fact: Fact) {
  const previous = head.historyHash
  head.historyN += 1
  const chained = chainedOf(head.id, head.historyN, fact)
  head.historyHash = chainHash({ previous, checkpoint: head.historyCheckpoint }, chained)
  if (head.historyN % checkpointEvery === 0) head.historyCheckpoint = head.historyHash
  return { ...chained, previous, hash: head.historyHash }
}

const chainedOf = (siteId: string, n: number, fact: Fact) => ({
  siteId,
  n,
  type: fact.type,
  at: fact.at,
  receivedAt: fact.receivedAt,
  live: fact.live ?? true,
  controllerId: fact.controllerId ?? null,
  journal: fact.journal ?? null,
  seq: fact.seq ?? null,
  doorId: fact.doorId ?? null,
  grantId: fact.grantId ?? null,
  orderId: fact.orderId ?? null,
  parcelId: fact.parcelId ?? null,
  actorId: fact.actorId ?? null,
  facts: fact.facts ?? {},
  suspect: fact.suspect ?? null,
  salt: randomUUID(),
})
