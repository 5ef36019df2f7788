import type { OwnBooking, OwnRoom } from '../../../schema/api/rooms.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { clockIn } from '../times.ts'
import { dayWords } from './deadline-words.ts'
import { EntryCode } from './entry-code.tsx'
import { TimeForm } from './time-form.tsx'

type Props = { booking: OwnBooking; room: OwnRoom | undefined; timeZone: string; changed: () => void }

export const isComing = ({ state }: OwnBooking): boolean => state === 'booked' || state === 'kept'

/** One booking ahead: when, what opens the door, and what can still be changed. */
export function BookingCard({ booking, room, timeZone, changed }: Props) {
  const speech = useSpeech()
  const { t, locale, moment } = speech
  const { send, problem } = useSend()
  const { id, place, places, from, until, state, doorKnows, doorOnline, doorSeenAt } = booking
  const goesOn = isComing(booking)
  const clock = (iso: string) => clockIn(timeZone, locale, iso)
  const cancel = async () => (await send(`/api/me/bookings/${id}/cancel`)) && changed()
  return (
    <article class={`parcel look-${goesOn ? 'waiting' : 'retired'}`}>
      <h4>
        <bdi>{booking.room}</bdi>
        {places > 1 && <small> · {t('bk_place', { n: place })}</small>}
      </h4>
      <p class="deadline">
        {t('bk_span', { day: dayWords(from, timeZone, speech), from: clock(from), until: clock(until) })}
      </p>
      {!goesOn && <p>{t(`bk_${state}`)}</p>}
      {goesOn && <EntryCode path={`/api/me/bookings/${id}/code`} timeZone={timeZone} />}
      {goesOn && !doorKnows && <p class="warning">{t('bk_doorSoon')}</p>}
      {!goesOn && !doorKnows && !doorOnline && (
        <p class="warning">{t('bk_doorLate', { time: doorSeenAt ? moment(doorSeenAt) : '–' })}</p>
      )}
      {goesOn && room?.mayBook && booking.means !== 'badge' && (
        <details>
          <summary>{t('bk_change')}</summary>
          <TimeForm room={room} path={`/api/me/bookings/${id}/change`} act={t('bk_changeDo')} done={changed} />
        </details>
      )}
      <Problem reason={problem} />
      {goesOn && (
        <button type="button" onClick={cancel}>
          {t('bk_cancel')}
        </button>
      )}
    </article>
  )
}
