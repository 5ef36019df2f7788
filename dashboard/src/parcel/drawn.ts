import type { TimelineEntry } from '../../../schema/api/timeline.ts'

export const lanes = ['parcel', 'order', 'bolt', 'door', 'inside'] as const
export type Lane = (typeof lanes)[number]

/** What each lane shows from here on: the parcel's state, whether the door stands open, whether something is inside. */
export type Line = Record<Lane, string>
export type Row = {
  entry: TimelineEntry
  lane: Lane
  mark: string
  was: Line
  is: Line
  /** time without a word since the entry before, by the clocks of those who told; 0 below an hour */
  gapMs: number
}

const hourMs = 3600_000
const nothing: Line = { parcel: '', order: '', bolt: '', door: '', inside: '' }

const laneByType: Record<string, [lane: Lane, mark: string]> = {
  accepted: ['order', '◆'],
  unlocked: ['bolt', '●'],
  jammed: ['bolt', '✕'],
  'opening-doubted': ['bolt', '?'],
  opened: ['door', '◨'],
  'held-open': ['door', '◨'],
  forced: ['door', '✕'],
  closed: ['door', '▣'],
  occupied: ['inside', '■'],
  vacant: ['inside', '□'],
  'door-looked': ['inside', '◎'],
}

function placeOf({ type, facts }: TimelineEntry): [Lane, string] {
  // a device may call what it tells `constructor`
  const known = Object.hasOwn(laneByType, type) && laneByType[type]
  if (known) return known
  if (type.startsWith('parcel-')) return ['parcel', facts.corrected === true ? '✎' : '■']
  if (/^order-(refused|expired|not-sent)$/.test(type)) return ['order', '✕']
  return /^(order|grant|code|ask)-|^collect-for$/.test(type) ? ['order', '◇'] : ['parcel', '•']
}

const ends = ['collected', 'cancelled', 'returned']

function after(was: Line, { type, facts }: TimelineEntry): Line {
  if (type === 'opened' || type === 'forced' || type === 'held-open') return { ...was, door: 'open', inside: '' }
  if (type === 'closed') return { ...was, door: '' }
  if (type === 'occupied') return { ...was, inside: 'occupied' }
  if (type === 'vacant') return { ...was, inside: '' }
  if (type === 'door-looked') return { ...was, inside: facts.found === 'empty' ? '' : 'occupied' }
  const [, state] = /^parcel-(placing|waiting|collected|cancelled|expired|returned|contested)$/.exec(type) ?? []
  if (state === undefined) return was
  return { ...was, parcel: ends.includes(state) ? '' : state }
}

/** The timeline as it is drawn: line by line what each lane showed before and shows after it. */
export function drawRows(timeline: TimelineEntry[]): Row[] {
  let was = nothing
  let last: number | undefined
  return timeline.map(entry => {
    const is = after(was, entry)
    const [lane, mark] = placeOf(entry)
    const at = Date.parse(entry.at)
    const gap = last === undefined ? 0 : at - last
    const row: Row = { entry, lane, mark, was, is, gapMs: gap >= hourMs ? gap : 0 }
    was = is
    last = Math.max(last ?? at, at)
    return row
  })
}
