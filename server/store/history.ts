import { createHash } from 'node:crypto'
import type { Suspect } from '../../schema/api/suspects.ts'
import type { Tx } from '../postgres/connect.ts'
import { insertAll, updateAll } from './bulk.ts'

export type Fact = {
  type: string
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

/** The chained bytes of one row: sha256(previous || canonical JSON). */
export const chainHash = (previous: Uint8Array, row: Record<string, unknown>): Buffer =>
  createHash('sha256').update(previous).update(canonical(row)).digest()

export function canonical(value: unknown): string {
  if (value instanceof Date) return String(value.getTime())
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).filter(([, each]) => each !== undefined)
    members.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`
  }
  return JSON.stringify(value ?? null)
}

/**
 * Appends to the site's chain. Last in every transaction, since it holds the site's row until the commit. Not
 * `for update`: every row that names a site holds its key shared by then, and two writers who both want more than that
 * would wait for each other.
 */
export async function appendHistory(tx: Tx, siteId: string, facts: Fact[]): Promise<void> {
  if (facts.length === 0) return
  const heads = await tx<Head[]>`select id, history_n, history_hash from sites where id = ${siteId} for no key update`
  await Promise.all(appendAll(tx, heads, new Map([[siteId, facts]])))
}

export type Head = { id: string; historyN: number; historyHash: Buffer }

/** The same for several sites whose rows are held already. */
export function appendAll(tx: Tx, heads: Head[], bySite: ReadonlyMap<string, Fact[]>): Promise<void>[] {
  const longer = heads.filter(head => (bySite.get(head.id)?.length ?? 0) > 0)
  const rows = longer.flatMap(head => bySite.get(head.id)!.map(fact => linked(head, fact)))
  const moved = new Set<keyof Head>(['historyN', 'historyHash'])
  return [insertAll(tx, 'history', rows), updateAll(tx, 'sites', new Map(longer.map(head => [head, moved])), ['id'])]
}

function linked(head: Head, fact: Fact) {
  const previous = head.historyHash
  head.historyN += 1
  const chained = chainedOf(head.id, head.historyN, fact)
  head.historyHash = chainHash(previous, chained)
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
})
