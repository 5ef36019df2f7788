import type { Context } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { addNotices, type Channel, howToTell, type NoticeAbout, type NoticeRow, type Told } from '../store/notices.ts'
import type { ParcelRow } from '../store/rows.ts'
import { dayOf } from './days.ts'
import { quietUntil } from './deadlines.ts'
import { newId } from './ids.ts'
import { signInLastsMs } from './sign-in-code.ts'

/** CNIL's three months: that somebody was told something is about a person too */
export const personalKeptMs = 91 * 24 * 3600_000

export type NoticeKind = NoticeRow['kind']

type ParcelNotice = Exclude<NoticeKind, 'sign-in-code'>

export type ToTell = {
  kind: ParcelNotice
  residentId: string
  parcelId: string
  /** tells two facts of the same kind about the same parcel apart */
  number: string | number
}

/** In the transaction of the fact: a row for each way the resident wants to be told, whatever becomes of the server then. */
export async function notify(tx: Tx, ctx: Pick<Context, 'now'>, what: ToTell): Promise<void> {
  const { kind, residentId, parcelId, number } = what
  const told = await howToTell(tx, residentId)
  await addFor(tx, ctx, told, { kind, residentId, parcelId, signInId: null, about: `${kind}:${parcelId}`, number })
}

type SignIn = { residentId: string; signInId: string; by: Channel }

/** The code itself is derived when it is sent. False when there is no address for that way. */
export async function tellSignInCode(tx: Tx, ctx: Pick<Context, 'now'>, what: SignIn): Promise<boolean> {
  const { residentId, signInId, by } = what
  const told = await howToTell(tx, residentId, [by])
  const kind = 'sign-in-code'
  await addFor(tx, ctx, told, { kind, residentId, parcelId: null, signInId, about: kind, number: signInId })
  return told.channels.length > 0
}

type About = Pick<NoticeRow, 'kind' | 'residentId' | 'parcelId' | 'signInId'> & {
  about: string
  number: string | number
}

async function addFor(tx: Tx, ctx: Pick<Context, 'now'>, told: Told, { about, number, ...what }: About): Promise<void> {
  const { siteId, channels, language } = told
  const now = ctx.now()
  const same = { ...what, siteId, language, runAt: now, madeAt: now }
  await addNotices(
    tx,
    channels.map(channel => ({ ...same, id: newId(), channel, key: `${about}:${channel}:${number}` })),
  )
}

type State = ParcelRow['state']

/** What a resident hears of a parcel going from one state to another; extending an overdue one is their own doing. */
export function noticeOf(before: State, after: State): ParcelNotice | null {
  if (after === 'waiting' && (before === 'placing' || before === 'contested')) return 'arrived'
  if (after === 'contested' && before !== 'contested') return 'contested'
  if (after === 'expired' && before === 'waiting') return 'overdue'
  return null
}

/** A notice may be late: told only if the parcel is still as it says. */
export function isStillTrue(
  notice: Pick<
    NoticeAbout,
    'kind' | 'parcelState' | 'deadlineAt' | 'timeZone' | 'key' | 'madeAt' | 'residentId' | 'parcelResidentId'
  >,
  now: Date,
): boolean {
  const { kind, parcelState: state, deadlineAt, timeZone, key } = notice
  if (kind === 'sign-in-code') return now.getTime() - notice.madeAt.getTime() < signInLastsMs
  // it was somebody else's parcel after all: its code is not for who was told first
  if (notice.parcelResidentId !== notice.residentId) return false
  switch (kind) {
    case 'arrived':
    case 'new-code':
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

/** SMS and calls wait for the morning; an e-mail wakes nobody, and who asked for a code is awake. */
export function heldUntil(
  notice: Pick<NoticeAbout, 'kind' | 'channel' | 'quietFrom' | 'quietUntil' | 'timeZone'>,
  now: Date,
): Date | null {
  if (notice.channel === 'email' || notice.kind === 'sign-in-code') return null
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
