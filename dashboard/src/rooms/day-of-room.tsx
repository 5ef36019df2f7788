import type { DayBooking, RoomDay } from '../../../schema/api/rooms.ts'
import { ActForm } from '../counter/act-form.tsx'
import { useSpeech } from '../i18n/words.ts'
import { dayWords } from '../me/deadline-words.ts'
import { useMay } from '../role.ts'
import { clockIn, isWholeDay } from '../times.ts'
import { BookFor } from './book-for.tsx'
import { DayStrip } from './day-strip.tsx'
import { RoomNames } from './room-names.tsx'

type Props = { of: RoomDay; changed: () => void }

/** Drawn, then the same in words with what can be done. */
export function DayOfRoom({ of: shown, changed }: Props) {
  const speech = useSpeech()
  const { t, count, locale } = speech
  const may = useMay()
  const { room, day, closed, open, bookings, inside } = shown
  const clock = (iso: string) => clockIn(room.timeZone, locale, iso)
  const spans = open
    .map(each => (isWholeDay(room.timeZone, each) ? t('se_allDay') : `${clock(each.from)}–${clock(each.until)}`))
    .join(', ')
  return (
    <section aria-label={t('rm_day', { room: room.name })}>
      <h2>
        <bdi>{room.name}</bdi> · {dayWords(`${day}T12:00:00Z`, 'UTC', speech)}
      </h2>
      <p>
        {closed ? t(`bk_closed_${closed}`) : t('rm_open', { spans })}
        {' · '}
        <strong>{count('rm_inside', inside)}</strong>
      </p>
      <DayStrip of={shown} />
      {bookings.length === 0 && <p>{t('rm_nothing')}</p>}
      <ul class="day-list">
        {bookings.map(each => (
          <Booked key={each.id} booking={each} clock={clock} room={room} changed={changed} />
        ))}
      </ul>
      {bookings.length > 0 && <RoomNames roomId={room.id} day={day} clock={clock} />}
      {may('decide') && <BookFor of={shown} changed={changed} />}
    </section>
  )
}

type One = { booking: DayBooking; room: RoomDay['room']; clock: (iso: string) => string; changed: () => void }
function Booked({ booking, room, clock, changed }: One) {
  const may = useMay()
  const { t, of, moment } = useSpeech()
  const { id, place, from, until, state, means, title, entered, workshopId, doorKnows, doorOnline, doorSeenAt } =
    booking
  const goesOn = (state === 'booked' || state === 'kept') && new Date(until) > new Date()
  const path = workshopId ? `/api/workshops/${workshopId}/cancel` : `/api/bookings/${id}/cancel`
  return (
    <li class={`look-${goesOn ? 'waiting' : 'retired'}`}>
      <strong>
        {clock(from)}–{clock(until)}
      </strong>
      {room.places > 1 && ` · ${t('bk_place', { n: place })}`}
      {title && (
        <>
          {' · '}
          <bdi>{title}</bdi>
        </>
      )}{' '}
      · {t(`bk_${state}`)}
      {means && ` · ${of('means', means)}`}
      {entered && ` · ✓ ${t('rm_entered')}`}
      {!doorKnows && (
        <span class="badge">
          {' '}
          ↻ {t('rm_doorKnowsNot')}
          {!doorOnline && ` ; ${t('doorKnowsAtContact', { time: doorSeenAt ? moment(doorSeenAt) : t('neverSeen') })}`}
        </span>
      )}
      {goesOn && may('decide') && (
        <details>
          <summary>{t('rm_cancel')}</summary>
          <ActForm path={path} act={t('rm_cancel')} done={changed} />
        </details>
      )}
    </li>
  )
}
