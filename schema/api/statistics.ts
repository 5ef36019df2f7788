import { type Static, Type } from 'typebox'
import { At, Day, Id, maybe, query, Size } from './shared.ts'

export const sizes = ['S', 'M', 'L', 'XL'] as const
export const statisticsTables = ['fill', 'collect', 'refused', 'ways', 'faults'] as const
export type StatisticsTable = (typeof statisticsTables)[number]
/** of a year and its leap day: what is asked for at once */
export const mostDays = 366

/**
 * How a parcel came to its resident, the plainest way first: opened or handed over by the caretaker, by badge, by a code
 * that was told on paper, in a call, by SMS or by e-mail. Only the last may have needed a smartphone.
 */
export const waysWithout = ['assisted', 'counter', 'badge', 'paper', 'voice', 'sms'] as const
/** unknown: put right by hand, or how its code was told is forgotten after three months */
export const ways = [...waysWithout, 'email', 'unknown'] as const
export type Way = (typeof ways)[number]

export const StatisticsQuery = query({
  /** one site; without it all where this person works */
  siteId: Type.Optional(Id),
  /** first and last day, both counted, by each site's own calendar; the last four weeks when they are not said */
  from: Type.Optional(Day),
  until: Type.Optional(Day),
  /** for CSV: which table */
  table: Type.Optional(Type.Enum([...statisticsTables])),
  /** the same as Accept: text/csv, for a link */
  as: Type.Optional(Type.Enum(['csv'])),
})

const n = Type.Integer({ minimum: 0 })

/** One hour of the week, 1 Monday to 7 Sunday: hours of boxes that were in service, and of those with a parcel inside. */
export const FillHour = Type.Object({
  size: Size,
  weekday: Type.Integer({ minimum: 1, maximum: 7 }),
  hour: Type.Integer({ minimum: 0, maximum: 23 }),
  boxHours: Type.Number(),
  filledHours: Type.Number(),
})
export type FillHour = Static<typeof FillHour>

/** Collected after so many hours, `until` not included; null: or later. */
export const CollectSpan = Type.Object({ fromHours: n, untilHours: maybe(n), parcels: n })

export const DoorFaults = Type.Object({
  siteId: Type.String(),
  site: Type.String(),
  controllerId: Type.String(),
  controller: Type.String(),
  door: Type.Integer(),
  name: maybe(Type.String()),
  jammed: n,
  forced: n,
  heldOpen: n,
})
export type DoorFaults = Static<typeof DoorFaults>

export const Statistics = Type.Object({
  from: Type.String(),
  until: Type.String(),
  /** nothing later is counted yet */
  now: At,
  fill: Type.Array(FillHour),
  /** parcels collected in that time, from the deposit on; median and 90 % are null without any */
  collect: Type.Object({
    parcels: n,
    medianMs: maybe(Type.Number()),
    p90Ms: maybe(Type.Number()),
    spans: Type.Array(CollectSpan),
  }),
  /** by the size asked for: deposits that got a place, and those that found none */
  refused: Type.Array(Type.Object({ size: Size, given: n, refused: n })),
  ways: Type.Array(Type.Object({ way: Type.Enum([...ways]), parcels: n })),
  /** doors in service at some time of it, and those of them with a fault; which, worst first, 1,000 at most */
  doors: Type.Object({ all: n, faulty: n }),
  faults: Type.Array(DoorFaults),
})
export type Statistics = Static<typeof Statistics>
