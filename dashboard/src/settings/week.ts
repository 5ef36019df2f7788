/** `until` not later than `from`: on the next day; the same twice: all day. */
export type Hours = { weekday: number; from: string; until: string }

export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const

/** 1 Monday … 7 Sunday, in the language. */
export const weekdayName = (weekday: number, locale: string): string =>
  new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, weekday)))

const spanForm = /^(\d{1,2})(?:[:h](\d{2})?)?\s*[-–—]\s*(\d{1,2})(?:[:h](\d{2})?)?$/

/** "9-12, 14:00-18:30" of one weekday; undefined: not understood. Empty: closed. */
export function readDay(weekday: number, text: string): Hours[] | undefined {
  const parts = text
    .split(/[,;]/)
    .map(each => each.trim())
    .filter(Boolean)
  const spans = parts.map(part => {
    const found = spanForm.exec(part)
    if (!found) return undefined
    const [, fromHour, fromMinute, untilHour, untilMinute] = found
    const [from, until] = [clock(fromHour, fromMinute), clock(untilHour, untilMinute)]
    return from && until ? { weekday, from, until } : undefined
  })
  return spans.includes(undefined) ? undefined : (spans as Hours[])
}

/** 24 is midnight at the end of the day. */
function clock(hour = '', minute = '00'): string | undefined {
  const [h, m] = [Number(hour) % 24, Number(minute)]
  if (Number(hour) > 24 || m > 59 || (Number(hour) === 24 && m > 0)) return undefined
  return `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`
}

export const isAllDay = ({ from, until }: Pick<Hours, 'from' | 'until'>): boolean => from === until

export const dayText = (hours: Hours[], weekday: number): string =>
  hours
    .filter(each => each.weekday === weekday)
    .map(({ from, until }) => `${from}-${isAllDay({ from, until }) && from === '00:00' ? '24:00' : until}`)
    .join(', ')
