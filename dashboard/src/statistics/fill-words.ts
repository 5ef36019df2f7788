import type { FillHour } from '../../../schema/api/statistics.ts'
import type { Speech } from '../i18n/words.ts'

export const percent = (locale: string, share: number): string =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(share)

/** 1 Monday to 7 Sunday. */
export const weekdayName = (locale: string, weekday: number, form: 'long' | 'short'): string =>
  new Intl.DateTimeFormat(locale, { weekday: form, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, weekday)))

/** In minutes below two hours, in hours below two days, in days from there on. */
export function lasts(locale: string, hours: number): string {
  const [unit, n] =
    hours < 2
      ? (['minute', hours * 60] as const)
      : hours < 48
        ? (['hour', hours] as const)
        : (['day', hours / 24] as const)
  const digits = unit === 'day' ? 1 : 0
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: digits,
  }).format(n)
}

export const shareOf = ({ filledHours, boxHours }: FillHour): number => filledHours / boxHours

export const fullest = (fill: FillHour[]): FillHour | undefined =>
  fill.reduce<FillHour | undefined>((best, each) => (best && shareOf(best) >= shareOf(each) ? best : each), undefined)

/** Percent for each hour of the week, Monday 0 h first. */
export function weekOf(fill: FillHour[], size: string): (number | null)[] {
  const week: (number | null)[] = Array.from({ length: 168 }, () => null)
  for (const each of fill)
    if (each.size === size) week[(each.weekday - 1) * 24 + each.hour] = Math.round(shareOf(each) * 1000) / 10
  return week
}

export function spanName({ t, locale }: Speech, from: number, until: number | null): string {
  if (until === null) return t('st_moreThan', { from: lasts(locale, from) })
  return from === 0
    ? t('st_less', { until: lasts(locale, until) })
    : t('st_between', { from: lasts(locale, from), until: lasts(locale, until) })
}
