import { canonical } from '../../../schema/api/canonical.ts'
import {
  checkpointEvery,
  checkpointOf,
  type Proof,
  type ProofHead,
  type ProvenFact,
} from '../../../schema/api/proof.ts'
import { type NoProof, readProof } from './read-proof.ts'

type Row = ProvenFact['row']
export type Verdict =
  | { holds: true; facts: ProvenFact[]; others: number; newest: { n: number; hash: string } }
  | { holds: false; problem: NoProof | 'unreadable' }
  | { holds: false; problem: 'altered' | 'moved' | 'not-of-this-parcel'; n: number }
  /** what lies between the fact no. `after` and no. `n` */
  | { holds: false; problem: 'between'; after: number; n: number }

/** How far the chain is followed: the hash after fact n, and that of the checkpoint which n itself names. */
type Reached = { n: number; hash: Uint8Array; checkpoint: Uint8Array }
type Link = Pick<ProvenFact, 'way' | 'previous' | 'checkpoint' | 'hash'> & { n: number; digest: Uint8Array }

/** Follows the chain through a proof with nothing but what is in it: no server is asked. */
export async function checkProof(text: string): Promise<Verdict> {
  const read = readProof(text)
  return typeof read === 'string' ? { holds: false, problem: read } : follow(read)
}

async function follow(proof: Proof): Promise<Verdict> {
  let at: Reached | undefined
  let others = 0
  for (const link of linksOf(proof)) {
    const { n, digest, way, previous, checkpoint, hash } = await link()
    const own = await hashAfter(fromHex(previous), fromHex(checkpoint), digest)
    if (toHex(own) !== hash) return { holds: false, problem: 'altered', n }
    if (at) {
      if (n <= at.n) return { holds: false, problem: 'moved', n }
      const led = await walk(at, way)
      const isNext = led.n === n - 1
      if (!isNext && led.n !== checkpointOf(n)) return { holds: false, problem: 'moved', n }
      const fits = (!isNext || toHex(led.hash) === previous) && toHex(namedAfter(led)) === checkpoint
      if (!fits) return { holds: false, problem: 'between', after: at.n, n }
      others += n - at.n - 1
    }
    at = { n, hash: own, checkpoint: fromHex(checkpoint) }
  }
  const rows = proof.facts.map(({ row }) => row)
  const strange = strangerAmong(proof, rows)
  if (strange) return { holds: false, problem: 'not-of-this-parcel', n: strange.n }
  // the newest of all, when it is another's, is one more
  const newest = { n: at!.n, hash: toHex(at!.hash) }
  return { holds: true, facts: proof.facts, others: others + (proof.head ? 1 : 0), newest }
}

/** Each when it is its turn: a page with thousands of them stays a page. */
const linksOf = ({ facts, head }: Proof): (() => Promise<Link>)[] => [
  ...facts.map(fact => async () => ({ ...fact, n: fact.row.n, digest: await sha256(bytesOf(canonical(fact.row))) })),
  ...(head ? [async () => ({ ...head, digest: fromHex(head.digest) })] : []),
]

/** Over the others: fact by fact up to a checkpoint, then from one checkpoint to the next. */
async function walk(from: Reached, way: ProofHead['way']): Promise<Reached> {
  let at = from
  for (const digest of way.facts) {
    const checkpoint = namedAfter(at)
    at = { n: at.n + 1, checkpoint, hash: await hashAfter(at.hash, checkpoint, fromHex(digest)) }
  }
  for (const { previous, digest } of way.checkpoints) {
    // from elsewhere than a checkpoint they lead nowhere
    if (at.n % checkpointEvery !== 0) return { ...at, n: -1 }
    const hash = await hashAfter(fromHex(previous), at.hash, fromHex(digest))
    at = { n: at.n + checkpointEvery, checkpoint: at.hash, hash }
  }
  return at
}

/** The checkpoint that the fact after this one names. */
const namedAfter = ({ n, hash, checkpoint }: Reached): Uint8Array => (n % checkpointEvery === 0 ? hash : checkpoint)

/** Neither of the parcel, nor of one it lay beside, nor of a grant that a fact of these names. */
function strangerAmong({ siteId, parcelId }: Proof, rows: Row[]): Row | undefined {
  const beside = rows.filter(row => row.parcelId === parcelId).map(row => row.facts.joinedTo)
  const parcels = new Set<unknown>([parcelId, ...beside])
  const grants = new Set(rows.filter(row => parcels.has(row.parcelId)).map(row => row.grantId))
  const isOf = ({ parcelId: id, grantId }: Row) =>
    id === null ? grantId !== null && grants.has(grantId) : parcels.has(id)
  return rows.find(row => row.siteId !== siteId || !isOf(row))
}

const encoder = new TextEncoder()
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text)
const sha256 = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

function hashAfter(previous: Uint8Array, checkpoint: Uint8Array, digest: Uint8Array): Promise<Uint8Array> {
  const all = new Uint8Array(96)
  all.set(previous)
  all.set(checkpoint, 32)
  all.set(digest, 64)
  return sha256(all)
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16))
