import type { WallDoor } from '../../../schema/api/live.ts'
import type { Speech } from '../i18n/words.ts'
import type { Look } from '../state.ts'

type Of = { door: WallDoor; look: Look; days: number }

export const dayMs = 24 * 3_600_000

/** Whole days that the parcel lies in the box; 0 when none does. */
export const daysLying = ({ parcel }: WallDoor, now: number): number =>
  parcel?.placedAt && isInside(parcel.state) ? Math.max(0, Math.floor((now - Date.parse(parcel.placedAt)) / dayMs)) : 0

const isInside = (state: string): boolean => state === 'waiting' || state === 'expired' || state === 'contested'

/** The one thing a caretaker would act on. */
export function firstWord({ door, look }: Of, { t, of }: Speech): string {
  if (look === 'trouble') return door.alarm ? of('alarm', door.alarm.kind) : of('state', door.state)
  if (look === 'open') return of('state', door.state)
  if (look === 'room') return door.mode === 'normal' ? t('room') : of('mode', door.mode)
  if (door.parcel && (look === 'waiting' || look === 'overdue')) return of('parcel', door.parcel.state)
  return of('offer', door.offer)
}

/** What else is so, each in a few words. */
export function moreWords({ door, look }: Of, { t, of }: Speech): string[] {
  const { parcel } = door
  const more: string[] = []
  if ((look === 'open' || look === 'trouble') && door.kind === 'compartment')
    more.push(parcel && door.offer !== 'contested' ? of('parcel', parcel.state) : of('offer', door.offer))
  if (parcel?.notSeen) more.push(t('wl_notSeen'))
  if (parcel?.unconfirmed) more.push(t('wl_unconfirmed'))
  if (door.mode !== 'normal' && look !== 'room') more.push(of('mode', door.mode))
  return more
}

/** All of it as a sentence, for those who hear the wall. */
export function doorSentence(about: Of, speech: Speech): string {
  const { door, days } = about
  const { t, of, count, moment } = speech
  return [
    door.name ?? t('door', { n: door.door }),
    door.size,
    door.height === 'low' && t('wl_low'),
    firstWord(about, speech),
    ...moreWords(about, speech),
    days > 0 && count('wl_lies', days),
    t('wl_doorState', { state: of('state', door.state) }),
    door.state !== 'unknown' && t('since', { time: moment(door.since) }),
  ]
    .filter(Boolean)
    .join(', ')
}
