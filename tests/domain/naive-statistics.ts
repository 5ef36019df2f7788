import { sizes, type Way, ways } from '../../schema/api/statistics.ts'
import type { Past, PastBox, PastParcel } from './past.ts'

type Days = { from: string; until: string; now: Date }
const minuteMs = 60_000
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
type Shown = { day: string; weekday: number; hour: number }
const clocks = new Map<string, (ms: number) => Shown>()

/** What the clock on the wall shows; asking for each minute would take most of the test, and hours begin on a quarter. */
function clockOf(timeZone: string): (ms: number) => Shown {
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' } as const
  const form = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', ...digits })
  const known = new Map<number, Shown>()
  return ms => {
    const quarter = Math.floor(ms / (15 * minuteMs))
    let found = known.get(quarter)
    if (!found) {
      const [, name, month, day, year, hour] = /(\w+), (\d+)\/(\d+)\/(\d+), (\d+)/.exec(form.format(ms))!
      found = { day: `${year}-${month}-${day}`, weekday: weekdays.indexOf(name!) + 1, hour: Number(hour) }
      known.set(quarter, found)
    }
    return found
  }
}

function shown(ms: number, timeZone: string): Shown {
  const clock = clocks.get(timeZone) ?? clockOf(timeZone)
  clocks.set(timeZone, clock)
  return clock(ms)
}

const begin = Date.parse('2026-10-21T00:00Z')
const end = Date.parse('2026-10-31T00:00Z')
const minutes = Array.from({ length: (end - begin) / minuteMs }, (_, n) => begin + n * minuteMs)

/** The same numbers as the server's, by looking at each minute, each parcel, each fact. */
export function counted(pasts: Past[], { from, until, now }: Days) {
  const isIn = (at: Date | undefined, { timeZone }: Past): at is Date => {
    if (!at || at >= now) return false
    const { day } = shown(at.getTime(), timeZone)
    return from <= day && day <= until
  }
  const fill = new Map<string, { box: number; filled: number }>()
  for (const past of pasts)
    for (const ms of minutes) {
      if (!isIn(new Date(ms), past)) continue
      const { weekday, hour } = shown(ms, past.timeZone)
      past.boxes.forEach((box, at) => {
        if (!isInService(box, ms)) return
        const key = `${sizes.indexOf(box.size)} ${weekday} ${String(hour).padStart(2, '0')}`
        const sum = fill.get(key) ?? { box: 0, filled: 0 }
        fill.set(key, sum)
        sum.box += 1
        if (past.parcels.some(each => each.box === at && liesAt(each, ms))) sum.filled += 1
      })
    }
  const [hours, byWay] = [[] as number[], new Map<Way, number>()]
  const asked = sizes.map(size => ({ size, given: 0, refused: 0 }))
  const faults: number[][] = []
  let doors = 0
  for (const past of pasts) {
    const { parcels, boxes, facts } = past
    parcels.forEach((each, at) => {
      if (each.box !== null && isIn(each.madeAt, past)) asked[sizes.indexOf(each.size)]!.given += 1
      if (each.state !== 'collected' || !each.placedAt || !isIn(each.endedAt, past)) return
      hours.push(Math.max(0, each.endedAt.getTime() - each.placedAt.getTime()) / 3600_000)
      const way = wayOf(parcels, at)
      byWay.set(way, (byWay.get(way) ?? 0) + 1)
    })
    const mine = boxes.map(() => [0, 0, 0])
    const wasThere = boxes.map(box => minutes.some(ms => isIn(new Date(ms), past) && isEnrolled(box, ms)))
    for (const each of facts) {
      if (!isIn(each.at, past)) continue
      if ('size' in each) asked[sizes.indexOf(each.size)]!.refused += 1
      else if (!each.suspect) mine[each.box]![['jammed', 'forced', 'held-open'].indexOf(each.type)]! += 1
    }
    doors += wasThere.filter(Boolean).length
    faults.push(...mine.filter((numbers, at) => wasThere[at] && sum(numbers) > 0))
  }
  const bounds = [0, 2, 6, 12, 24, 48, 72, 120, Number.POSITIVE_INFINITY]
  return {
    ...{ from, until, now: now.toISOString() },
    fill: [...fill].sort().map(([key, { box, filled }]) => {
      const [size, weekday, hour] = key.split(' ').map(Number)
      return { size: sizes[size!]!, weekday, hour, boxHours: near(box / 60), filledHours: near(filled / 60) }
    }),
    collect: {
      parcels: hours.length,
      ...{ medianMs: within(hours, 0.5), p90Ms: within(hours, 0.9) },
      spans: bounds.slice(0, -1).map((low, at) => ({
        ...{ fromHours: low, untilHours: at === 7 ? null : bounds[at + 1]! },
        parcels: hours.filter(each => each >= low && each < bounds[at + 1]!).length,
      })),
    },
    refused: asked,
    ways: ways.map(way => ({ way, parcels: byWay.get(way) ?? 0 })),
    doors: { all: doors, faulty: faults.length },
    faults: expectSorted(faults),
  }
}

const sum = (numbers: number[]): number => numbers.reduce((all, each) => all + each, 0)
const near = (hours: number) => expectClose(hours, 0.0011)
const expectClose = (value: number, by: number) => ({
  asymmetricMatch: (found: unknown) => typeof found === 'number' && Math.abs(found - value) <= by,
  toString: () => `near ${value}`,
})
/** the worst first; among equals any order will do */
const expectSorted = (faults: number[][]) => ({
  asymmetricMatch: (found: number[][]) =>
    JSON.stringify(found.map(String).sort()) === JSON.stringify(faults.map(String).sort()) &&
    found.every((each, at) => at === 0 || sum(found[at - 1]!) >= sum(each)),
  toString: () => JSON.stringify(faults),
})

const isEnrolled = ({ enrolledAt, retiredAt }: PastBox, ms: number): boolean =>
  enrolledAt.getTime() <= ms && !(retiredAt && retiredAt.getTime() <= ms)
const isInService = (box: PastBox, ms: number): boolean =>
  isEnrolled(box, ms) && !(box.outSince && box.outSince.getTime() <= ms)

function liesAt({ state, placedAt, openedAt, endedAt }: PastParcel, ms: number): boolean {
  const since = placedAt ?? openedAt
  if (state === 'placing' || state === 'cancelled' || !since || since.getTime() > ms) return false
  return !endedAt || endedAt.getTime() > ms
}

/** Opened by the code of the parcel before it, when it was laid beside that one. */
function wayOf(parcels: PastParcel[], at: number): Way {
  const { box, way, alsoTold = [], joined } = parcels[at]!
  if (box === null) return 'counter'
  const first = joined ? parcels[at - 1]! : parcels[at]!
  const isUsed = first.box !== null && first.state === 'collected' && !(joined && first.joined)
  if (!isUsed || first.way === 'unknown') return 'unknown'
  if (first.way === 'assisted' && (first.endedAt ?? first.madeAt) <= parcels[at]!.endedAt!) return 'assisted'
  if (first.way === 'badge') return 'badge'
  return (['voice', 'sms', 'email'] as const).find(each => way === each || alsoTold.includes(each)) ?? 'paper'
}

/** The value below which that part of them lies, between two neighbours in proportion; in ms. */
function within(hours: number[], part: number) {
  if (hours.length === 0) return null
  const sorted = hours.map(each => each * 3600_000).sort((a, b) => a - b)
  const place = part * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!]
  return expectClose(low + (high - low) * (place % 1), 1)
}
