import { checkpointOf, type Proof, type ProvenFact, proofBytesAtMost, wayBetween } from '../../schema/api/proof.ts'
import type { Sql, Tx } from '../postgres/connect.ts'
import { digestOf, noHash } from './history.ts'
import { numbersOfParcel } from './timeline.ts'

/** A fact of the parcel, or the newest of all; and the numbers of the facts that lead to it. */
type Step = { n: number; way: ReturnType<typeof wayBetween> }
type Told = Record<string, unknown> & { n: number; at: Date; receivedAt: Date }
type Row = Told & { previous: Buffer; hash: Buffer }
type Link = { previous: Buffer; hash: Buffer; digest: Buffer }
/** by their numbers: links of all facts that are needed, and the whole row of those that are the parcel's */
type Read = { links: Map<number, Link>; rows: Map<number, ProvenFact['row']> }

/** in JSON: a digest, a checkpoint, a fact but for what is told in it */
const bytesOf = { digest: 67, checkpoint: 165, fact: 1_000 }

/**
 * A parcel's facts and what the chain needs between them, as of one moment. Null: it would be larger than a proof may be, as
 * when a device wrote thousands of entries about one parcel.
 */
export function proofOf(sql: Sql, { id, siteId }: { id: string; siteId: string }): Promise<Proof | null> {
  return sql.begin('isolation level repeatable read read only', async tx => {
    const own = await numbersOfParcel(tx, id)
    const [site] = await tx<{ head: number; told: number }[]>`
      select history_n as head, (select coalesce(sum(octet_length(facts::text)), 0)::int from history
        where site_id = ${siteId} and n = any(${own}::bigint[])) as told from sites where id = ${siteId}`
    const { head, told } = site!
    const steps = stepsThrough(own.at(-1) === head ? own : [...own, head])
    if (told + bytesThrough(steps) > proofBytesAtMost) return null
    const read = await readAll(tx, siteId, { steps, own: new Set(own) })
    const facts = steps.flatMap(step => {
      const row = read.rows.get(step.n)
      return row ? [{ ...linkTo(step, read), row }] : []
    })
    const last = steps.find(({ n }) => !read.rows.has(n))
    const newest = last && { ...linkTo(last, read), n: head, digest: hex(read.links.get(head)!.digest) }
    return { proof: 'parcel', version: 1, siteId, parcelId: id, facts, head: newest ?? null }
  }) as Promise<Proof | null>
}

const stepsThrough = (numbers: number[]): Step[] =>
  numbers.map((n, at) => ({ n, way: at === 0 ? { facts: [], checkpoints: [] } : wayBetween(numbers[at - 1]!, n) }))

const bytesThrough = (steps: Step[]): number =>
  steps.reduce(
    (sum, { way }) =>
      sum + bytesOf.fact + way.facts.length * bytesOf.digest + way.checkpoints.length * bytesOf.checkpoint,
    0,
  )

/** Page by page: of the others nothing is held but their links. */
async function readAll(tx: Tx, siteId: string, { steps, own }: { steps: Step[]; own: Set<number> }): Promise<Read> {
  const numbers = steps.flatMap(({ n, way }) => [...way.facts, ...way.checkpoints, n, checkpointOf(n)])
  const read: Read = { links: new Map(), rows: new Map() }
  const pages = tx<Row[]>`
    select * from history where site_id = ${siteId} and n = any(${numbers}::bigint[])`.cursor(1_000)
  for await (const page of pages)
    for (const { previous, hash, ...told } of page) {
      const row = told as Told
      read.links.set(row.n, { previous, hash, digest: digestOf(row) })
      if (own.has(row.n)) read.rows.set(row.n, provenRow(row))
    }
  return read
}

const provenRow = ({ at, receivedAt, ...row }: Told): ProvenFact['row'] =>
  ({ ...row, at: at.getTime(), receivedAt: receivedAt.getTime() }) as unknown as ProvenFact['row']

const hex = (bytes: Buffer): string => bytes.toString('hex')

function linkTo({ n, way }: Step, { links }: Read): Omit<ProvenFact, 'row'> {
  const { previous, hash } = links.get(n)!
  const digest = (each: number) => hex(links.get(each)!.digest)
  return {
    way: {
      facts: way.facts.map(digest),
      checkpoints: way.checkpoints.map(each => ({ previous: hex(links.get(each)!.previous), digest: digest(each) })),
    },
    previous: hex(previous),
    checkpoint: hex(links.get(checkpointOf(n))?.hash ?? noHash),
    hash: hex(hash),
  }
}
