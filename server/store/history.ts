import { createHash } from 'node:crypto'
import type { Tx } from '../postgres/connect.ts'

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
  suspect?: string | null
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

/** Appends to the site's chain. Last in every transaction, since it holds the site's row until the commit. */
export async function appendHistory(tx: Tx, siteId: string, facts: Fact[]): Promise<void> {
  if (facts.length === 0) return
  const [site] = await tx<{ historyN: number; historyHash: Buffer }[]>`
    select history_n, history_hash from sites where id = ${siteId} for update`
  let n = site!.historyN
  let previous: Buffer = site!.historyHash
  const rows = facts.map(fact => {
    n += 1
    const chained = chainedOf(siteId, n, fact)
    const hash = chainHash(previous, chained)
    const row = { ...chained, facts: tx.json(chained.facts as never), previous, hash }
    previous = hash
    return row
  })
  for (let at = 0; at < rows.length; at += 500) await tx`insert into history ${tx(rows.slice(at, at + 500) as never)}`
  await tx`update sites set history_n = ${n}, history_hash = ${previous} where id = ${siteId}`
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
