import { type Proof, proofBytesAtMost } from '../../../schema/api/proof.ts'

export type NoProof = 'too-large' | 'not-json' | 'not-a-proof'

/** deeper than any device writes; whatever goes through it by recursion does not end for want of a stack */
const deepest = 100

/**
 * A file that anybody may have made: exactly what a proof consists of, or a word for what it is instead. A member more would
 * be something said that nothing proves.
 */
export function readProof(text: string): Proof | NoProof {
  // UTF-8 has no fewer bytes than this
  if (text.length > proofBytesAtMost) return 'too-large'
  let said: unknown
  try {
    said = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return 'not-json'
  }
  return isPlain(said, 0) && isProof(said) ? said : 'not-a-proof'
}

/** JSON reads 1e999 as infinite, which is hashed as if nothing stood there. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  return depth < deepest && Object.values(value).every(each => isPlain(each, depth + 1))
}

type Shape = (value: unknown) => boolean
const isText: Shape = value => typeof value === 'string'
const isWhole: Shape = value => Number.isSafeInteger(value)
const isHash: Shape = value => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const orNull =
  (shape: Shape): Shape =>
  value =>
    value === null || shape(value)
const every =
  (shape: Shape): Shape =>
  value =>
    Array.isArray(value) && value.every(shape)
const exactly =
  (shapes: Record<string, Shape>): Shape =>
  value =>
    isObject(value) &&
    Object.keys(value).length === Object.keys(shapes).length &&
    Object.entries(shapes).every(([name, shape]) => Object.hasOwn(value, name) && shape(value[name]))

const reference = orNull(isText)
// what a Date can be, on whose side the zone lies never mind
const isMoment: Shape = value => isWhole(value) && Math.abs(value as number) < 8.64e15 - 1e8
const row = exactly({
  ...{ siteId: isText, n: value => isWhole(value) && (value as number) > 0, type: isText, at: isMoment },
  ...{ receivedAt: isMoment, live: value => typeof value === 'boolean', controllerId: reference, journal: reference },
  ...{ seq: orNull(isWhole), doorId: reference, grantId: reference, orderId: reference, parcelId: reference },
  ...{ actorId: reference, facts: isObject, suspect: reference, salt: isText },
})
const way = exactly({ facts: every(isHash), checkpoints: every(exactly({ previous: isHash, digest: isHash })) })
const link = { way, previous: isHash, checkpoint: isHash, hash: isHash }
const shape = exactly({
  ...{ proof: value => value === 'parcel', version: value => value === 1, siteId: isText, parcelId: isText },
  facts: value =>
    Array.isArray(value) && value.length > 0 && value.every(exactly({ ...link, row })) && startsAlone(value),
  head: orNull(exactly({ ...link, n: isWhole, digest: isHash })),
})
const isProof = (value: unknown): value is Proof => shape(value)

/** Nothing leads to the first fact. */
const startsAlone = ([first]: Proof['facts']): boolean =>
  first!.way.facts.length === 0 && first!.way.checkpoints.length === 0
