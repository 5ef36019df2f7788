import type { Context } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { addNotices, howToTell, type NoticeAbout, type NoticeRow } from '../store/notices.ts'
import type { ParcelRow } from '../store/rows.ts'
import { dayOf } from './days.ts'
import { quietUntil } from './deadlines.ts'
import { newId } from './ids.ts'

export type NoticeKind = NoticeRow['kind']

export type ToTell = {
  kind: NoticeKind
  residentId: string
  parcelId: string
  /** tells two facts of the same kind about the same parcel apart */
  number: string | number
}

/** In the transaction of the fact: a row for each way the resident wants to be told, whatever becomes of the server then. */
export async function notify(tx: Tx, ctx: Pick<Context, 'now'>, what: ToTell): Promise<void> {
  const { kind, residentId, parcelId, number } = what
  const { siteId, channels, language } = await howToTell(tx, residentId)
  const now = ctx.now()
  const about = { siteId, residentId, parcelId, kind, language, runAt: now, madeAt: now }
  const key = (channel: string) => `${kind}:${parcelId}:${channel}:${number}`
  const rows = channels.map(channel => ({ ...about, id: newId(), channel, key: key(channel) }))
  await addNotices(tx, rows)
}

type State = ParcelRow['state']

/** What a resident hears of a parcel going from one state to another; extending an overdue one is their own doing. */
export function noticeOf(before: State, after: State): NoticeKind | null {
  if (after === 'waiting' && (before === 'placing' || before === 'contested')) return 'arrived'
  if (after === 'contested' && before !== 'contested') return 'contested'
  if (after === 'expired' && before === 'waiting') return 'overdue'
  return null
}

/** A notice may be late: told only if the parcel is still as it says. */
export function isStillTrue(
  notice: Pick<NoticeAbout, 'kind' | 'parcelState' | 'deadlineAt' | 'timeZone' | 'key'>,
  now: Date,
): boolean {
  const { kind, parcelState: state, deadlineAt, timeZone, key } = notice
  switch (kind) {
    case 'arrived':
      return state === 'waiting' || state === 'expired'
    case 'two-days-left':
    case 'last-day':
      // its number is the day of the deadline, which may have moved since
      return (
        state === 'waiting' &&
        deadlineAt !== null &&
        deadlineAt > now &&
        key.endsWith(`:${dayOf(deadlineAt, timeZone)}`)
      )
    case 'overdue':
      return state === 'expired'
    case 'contested':
      return state === 'contested'
    case 'collected-by-delegate':
      return true
    default:
      kind satisfies never
      return false
  }
}

/** SMS and calls wait for the morning; an e-mail wakes nobody. */
export function heldUntil(
  notice: Pick<NoticeAbout, 'channel' | 'quietFrom' | 'quietUntil' | 'timeZone'>,
  now: Date,
): Date | null {
  if (notice.channel === 'email') return null
  return quietUntil(now, [notice.quietFrom, notice.quietUntil], notice.timeZone)
}

/** About 12 hours in all: a provider that is down for a night loses nobody's notice. */
export const mostTries = 14
const firstWaitMs = 30_000
const mostWaitMs = 2 * 3600_000

/** Doubling, and by chance (0 to 1) up to a half shorter, so that what failed together does not come again together. */
export function waitAfter(tries: number, chance: number): number {
  const full = Math.min(mostWaitMs, firstWaitMs * 2 ** (tries - 1))
  return Math.round(full * (1 - chance / 2))
}
