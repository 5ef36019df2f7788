import type { OwnParcel } from '../../../schema/api/resident.ts'
import type { Speech } from '../i18n/words.ts'

const dayMs = 24 * 3600_000

/** Days of the site's calendar, as numbers that can be subtracted. */
function dayNumber(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' })
  const of = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  return Date.UTC(of.year!, of.month! - 1, of.day!) / dayMs
}

export const dayWords = (iso: string, timeZone: string, { locale }: Speech): string =>
  new Intl.DateTimeFormat(locale, { timeZone, weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(iso))

/** Until when, as one would say it. */
export function deadlineWords(
  { deadlineAt, state }: Pick<OwnParcel, 'deadlineAt' | 'state'>,
  { timeZone, speech, now }: { timeZone: string; speech: Speech; now: Date },
): string {
  if (deadlineAt === null) return ''
  const day = dayWords(deadlineAt, timeZone, speech)
  const left = dayNumber(new Date(deadlineAt), timeZone) - dayNumber(now, timeZone)
  if (state === 'expired' || now > new Date(deadlineAt)) return speech.t('me_overdue', { day })
  if (left === 0) return speech.t('me_today')
  return left === 1 ? speech.t('me_untilOne', { day }) : speech.t('me_until', { day, n: left })
}
