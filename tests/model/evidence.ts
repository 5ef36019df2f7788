import { type CorrectState, corrections } from '../../schema/api/corrections.ts'
import { checkpointEvery } from '../../schema/api/proof.ts'
import { chainHash, noHash } from '../../server/store/history.ts'

export type Row = {
  n: number
  type: string
  receivedAt: Date
  doorId: string | null
  parcelId: string | null
  grantId: string | null
  facts: { found?: string; offer?: string; corrected?: true; was?: string }
  suspect: string | null
  previous: Buffer
  hash: Buffer
} & Record<string, unknown>

/** What the history says of a box, told by rules of its own: the reducer is not asked. */
export type Evidence = {
  full: boolean
  contested: boolean
  empty: boolean
  retired: boolean
  /** the parcel that it was given for last, and whether somebody of before was heard of at it since */
  givenFor: string | null
  doubted: boolean
  /** by whose code or order it was opened since somebody looked */
  openedFor: string | null
  lastAt: number
}
export type Seen = {
  n: number
  hash: Buffer
  checkpoint: Buffer
  boxes: Map<string, Evidence>
  parcels: Map<string, string>
}

const none = { n: 0, hash: noHash, checkpoint: noHash }
export const nothingSeen = (): Seen => ({ ...none, boxes: new Map(), parcels: new Map() })
export const copyOf = ({ boxes, parcels, ...seen }: Seen): Seen => ({
  ...{ ...seen, parcels: new Map(parcels) },
  boxes: new Map([...boxes].map(([id, box]) => [id, { ...box }])),
})

const nothing = { full: false, contested: false, empty: false, retired: false }
const unknown: Evidence = { ...nothing, givenFor: null, doubted: false, openedFor: null, lastAt: 0 }

/** From which states a parcel may come into one, as product.md tells its life. */
const before: Record<string, (string | undefined)[]> = {
  placing: [undefined],
  // the first: onto the shelf
  waiting: [undefined, 'placing', 'contested', 'expired'],
  collected: ['waiting', 'expired', 'contested'],
  cancelled: ['placing', 'contested', 'waiting', 'expired'],
  expired: ['waiting'],
  // from waiting: from the shelf, before its deadline
  returned: ['expired', 'waiting'],
  // from collected: "not my parcel", says who opened the box
  contested: ['placing', 'waiting', 'expired', 'collected'],
}

/** One more fact; what does not follow from those before it is added to `wrong`. */
export function follow(seen: Seen, row: Row, wrong: string[]): void {
  const { previous, hash, ...chained } = row
  if (row.n !== seen.n + 1) wrong.push(`history ${row.n} comes after ${seen.n}`)
  if (!seen.hash.equals(previous)) wrong.push(`history ${row.n} does not follow`)
  if (!chainHash({ previous, checkpoint: seen.checkpoint }, chained).equals(hash))
    wrong.push(`history ${row.n} was changed`)
  if (row.n % checkpointEvery === 0) seen.checkpoint = hash
  seen.n = row.n
  seen.hash = hash
  const [, state] = /^parcel-(.+)$/.exec(row.type) ?? []
  if (row.parcelId && state && state in before) {
    const was = seen.parcels.get(row.parcelId)
    const { corrected, was: said } = row.facts
    const explained = corrected
      ? was === said && corrections[was as keyof typeof corrections].includes(state as CorrectState)
      : before[state]!.includes(was)
    if (!explained) wrong.push(`parcel ${row.parcelId} went from ${was} to ${state}`)
    seen.parcels.set(row.parcelId, state)
  }
  if (row.doorId) learn(seen, row.doorId, row, state)
}

const looks = ['door-looked', 'door-returned']
/** Somebody of before opened it, which was told when the box was another's. */
const late = ['deposit-ended', 'taking-ended', 'parcel-ended']

function learn(seen: Seen, doorId: string, row: Row, state: string | undefined): void {
  const { type, facts, parcelId, suspect } = row
  const box = seen.boxes.get(doorId) ?? { ...unknown }
  seen.boxes.set(doorId, box)
  box.lastAt = Math.max(box.lastAt, row.receivedAt.getTime())
  if (looks.includes(type)) {
    const empty = facts.found === 'empty'
    Object.assign(box, { full: !empty, contested: facts.found === 'something-else', empty, openedFor: null })
  }
  if (type === 'door-retired') box.retired = true
  if (type === 'door-returned') box.retired = false
  if (type === 'occupied' || state === 'waiting') box.full = true
  if (type === 'vacant') box.full = false
  if (state === 'contested') box.contested = true
  // a caretaker's word about a parcel is no look into its box
  if (state === 'collected' && !facts.corrected) Object.assign(box, { full: false, contested: false })
  // the carrier took it, and only the sensor says that nothing else is there
  if (state === 'returned' && !facts.corrected)
    Object.assign(box, { full: false, contested: box.contested && !box.empty })
  if (type === 'parcel-swap' && facts.found === 'something') box.contested = true
  if (['unlocked', 'opened', 'forced'].includes(type)) box.empty = false
  if (type === 'vacant') box.empty = true
  if (type === 'unlocked') box.openedFor = parcelId
  // who had collected came back for what they had left
  if (type === 'vacant' && parcelId === box.openedFor && seen.parcels.get(parcelId ?? '') === 'collected')
    box.contested = false
  if (type === 'order-made' && parcelId && parcelId !== box.givenFor && seen.parcels.get(parcelId) === 'placing')
    Object.assign(box, { givenFor: parcelId, doubted: false })
  if (late.includes(suspect ?? '')) box.doubted = true
}
