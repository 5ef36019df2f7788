import { type Static, Type } from 'typebox'
import { maybe } from './shared.ts'

/**
 * hash of fact n = sha256(hash of fact n − 1 ‖ hash of its checkpoint ‖ sha256(canonical(row))), as bytes. Fact 0, before all,
 * has 32 zeros. Its checkpoint is the last fact before it with a number that this divides: so the way from a fact back to one
 * of weeks ago takes a hash for every 256 facts between, not one for each.
 */
export const checkpointEvery = 256
export const checkpointOf = (n: number): number => n - 1 - ((n - 1) % checkpointEvery)

/** How large a proof may be. Of a parcel with 13 facts and 250,000 of others between and after them it is 180,000. */
export const proofBytesAtMost = 4_000_000

/** The numbers of the facts whose digests lead from one fact to a later one: all up to a checkpoint, then one checkpoint after another. */
export function wayBetween(from: number, to: number): { facts: number[]; checkpoints: number[] } {
  const last = checkpointOf(to)
  if (last < from) return { facts: numbers(from + 1, to, 1), checkpoints: [] }
  const first = Math.ceil(from / checkpointEvery) * checkpointEvery
  return {
    facts: numbers(from + 1, first + 1, 1),
    checkpoints: numbers(first + checkpointEvery, last + 1, checkpointEvery),
  }
}

function numbers(from: number, before: number, step: number): number[] {
  const list: number[] = []
  for (let n = from; n < before; n += step) list.push(n)
  return list
}

const reference = maybe(Type.String())
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** One fact exactly as it was hashed; moments are ms since 1970. Ids and facts, no names. */
const ProvenRow = Type.Object({
  siteId: Type.String(),
  n: Type.Integer(),
  type: Type.String(),
  at: Type.Integer(),
  receivedAt: Type.Integer(),
  live: Type.Boolean(),
  controllerId: reference,
  journal: reference,
  seq: maybe(Type.Integer()),
  doorId: reference,
  grantId: reference,
  orderId: reference,
  parcelId: reference,
  actorId: reference,
  facts: Type.Record(Type.String(), Type.Unknown()),
  suspect: reference,
  /** drawn for each fact: a digest gives nothing away to whoever guesses at the fact behind it */
  salt: Type.String(),
})

/** From the fact before to this one, what others did: no more of it than digests. */
const Way = Type.Object({
  facts: Type.Array(Hash),
  checkpoints: Type.Array(Type.Object({ previous: Hash, digest: Hash })),
})
const link = { way: Way, previous: Hash, checkpoint: Hash, hash: Hash }

export const ProvenFact = Type.Object({ ...link, row: ProvenRow })
export type ProvenFact = Static<typeof ProvenFact>
/** The newest fact of the site when the proof was made, where that is another's: what all of it leads to. */
export const ProofHead = Type.Object({ ...link, n: Type.Integer(), digest: Hash })
export type ProofHead = Static<typeof ProofHead>

/** A parcel's facts, and how its site's hash chain leads from each of them to the next and to the newest of all. */
export const Proof = Type.Object({
  proof: Type.Literal('parcel'),
  version: Type.Literal(1),
  siteId: Type.String(),
  parcelId: Type.String(),
  facts: Type.Array(ProvenFact),
  head: maybe(ProofHead),
})
export type Proof = Static<typeof Proof>
