import type { Speech } from '../i18n/words.ts'

type Told = { type: string; facts: Record<string, unknown> }
type Say = (value: never, speech: Speech, told: Told) => string

const refusals = new Set(['order-refused', 'code-refused', 'ask-refused'])
/** of the others the fact itself says it */
const purposes = new Set(['pickup', 'delegate', 'entry'])
const minutes = (ms: string | number, { t }: Speech) =>
  typeof ms === 'number' ? t('hi_minutes', { n: Math.round(ms / 60_000) }) : ''
/** ECMAScript 21.4.1.1: further from 1970 there is no date */
const isMoment = (ms: unknown): ms is number => typeof ms === 'number' && Math.abs(ms) <= 8.64e15

/** What a member of a fact means to a person; members that are only for machines have no line. */
const says: Record<string, Say> = {
  reason: (reason: string, { of }, { type }) =>
    refusals.has(type) ? of('refused', reason) : type === 'started' ? of('started', reason) : '',
  found: (found: string | null, { of }) => (found === null ? '' : of('found', found)),
  was: (was: string, { t, of }, { facts }) =>
    facts.corrected === true ? t('hi_corrected', { was: of('parcel', was) }) : '',
  by: (by: string | number, { t }, { type }) => {
    if (by === 'delegate') return t('hi_byDelegate')
    return type === 'clock-set' && typeof by === 'number' ? t('hi_seconds', { n: Math.round(by / 1000) }) : ''
  },
  why: (why: string, { of }, { type }) => (type === 'deadline-moved' ? of('why', why) : ''),
  to: (to: string | number, { t, moment }, { type, facts: { from } }) => {
    if (type === 'deadline-moved' && isMoment(to)) return t('until', { time: moment(new Date(to).toISOString()) })
    return type === 'loss' && typeof from === 'number' ? t('hi_numbers', { from, to }) : ''
  },
  size: (size: string) => size,
  joinedTo: (_: string, { t }) => t('hi_joined'),
  kind: (kind: string, { of }, { type }) =>
    type.startsWith('alert-') ? of('alert', kind) : type.startsWith('notice-') ? of('notice', kind) : '',
  channel: (channel: string, { of }) => of('channel', channel),
  purpose: (purpose: string, { of }) => (purposes.has(purpose) ? of('purpose', purpose) : ''),
  means: (means: string, { of }) => of('grantMeans', means),
  mode: (mode: string, { of }) => of('doorMode', mode),
  forMs: minutes,
  shelf: (shelf: string, { t }) => t('atCounter', { shelf }),
  source: (source: string, { of }) => of('source', source),
}

/** What a fact says beside its type, in the person's language. A device may have written anything: odd members stay out. */
export function factDetails(told: Told, speech: Speech): string {
  const parts = Object.entries(says).map(([name, say]) => {
    const value = told.facts[name]
    const isPlain = typeof value === 'string' || typeof value === 'number'
    return isPlain ? say(value as never, speech, told) : ''
  })
  return parts.filter(part => typeof part === 'string' && part !== '').join(' · ')
}
