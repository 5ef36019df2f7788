import { mostDays, type Statistics, sizes, ways } from '../../schema/api/statistics.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { fillByHour } from '../store/fill.ts'
import {
  collectedWithin,
  depositsBySize,
  doorFaults,
  timeToCollect,
  todayAt,
  waysCollected,
} from '../store/statistics.ts'
import { addDays, type Day, dayOf, isDay } from './days.ts'
import { personalKeptMs } from './notices.ts'

type Asked = { siteIds: string[] | null; from?: Day | undefined; until?: Day | undefined }

const usualDays = 28
const hourMs = 3600_000
const mostFaultyDoors = 1_000
/** hours: from an afternoon to the usual deadline and beyond */
const bounds = [2, 6, 12, 24, 48, 72, 120]

/** What a site's past comes to: numbers only, no person, no parcel. */
export async function statisticsOf(ctx: Context, asked: Asked): Promise<Statistics> {
  const now = ctx.now()
  const { from, until } = await spanOf(ctx, asked)
  const span = { siteIds: asked.siteIds, from, until, now }
  const boundsMs = bounds.map(hours => hours * hourMs)
  const toldSince = new Date(now.getTime() - personalKeptMs)
  const [fill, collect, within, deposits, byWay, { doors, faults }] = await Promise.all([
    fillByHour(ctx.sql, span),
    timeToCollect(ctx.sql, span),
    collectedWithin(ctx.sql, span, boundsMs),
    depositsBySize(ctx.sql, span),
    waysCollected(ctx.sql, span, toldSince),
    doorFaults(ctx.sql, span, mostFaultyDoors),
  ])
  const spans = [0, ...bounds].map((fromHours, step) => ({
    fromHours,
    untilHours: bounds[step] ?? null,
    parcels: within.find(each => each.step === step)?.parcels ?? 0,
  }))
  return {
    ...{ from, until, now: now.toISOString(), fill, collect: { ...collect, spans } },
    refused: sizes.map(size => ({ size, given: 0, refused: 0, ...deposits.find(each => each.size === size) })),
    ways: ways.map(way => ({ way, parcels: byWay.find(each => each.way === way)?.parcels ?? 0 })),
    ...{ doors, faults },
  }
}

/** The last four weeks unless it is said otherwise; a year at most. */
async function spanOf(ctx: Context, { siteIds, from, until }: Asked): Promise<{ from: Day; until: Day }> {
  if (from !== undefined && !isDay(from)) throw new Refusal('invalid', { field: 'from' })
  if (until !== undefined && !isDay(until)) throw new Refusal('invalid', { field: 'until' })
  const last = until ?? (await todayAt(ctx.sql, siteIds, ctx.now())) ?? dayOf(ctx.now(), 'UTC')
  const first = from ?? addDays(last, 1 - usualDays)
  if (first > last) throw new Refusal('ends-before-start', { field: until === undefined ? 'from' : 'until' })
  if (addDays(first, mostDays) <= last) throw new Refusal('span-too-long', { field: 'from', details: { mostDays } })
  return { from: first, until: last }
}
