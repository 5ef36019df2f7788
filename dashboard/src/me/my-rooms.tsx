import { useCallback, useEffect, useState } from 'preact/hooks'
import type { OwnBooking, OwnRoom } from '../../../schema/api/rooms.ts'
import type { OwnWorkshop } from '../../../schema/api/workshops.ts'
import { ask } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { clockIn } from '../times.ts'
import { useNewest } from '../use-newest.ts'
import { BookRoom } from './book-room.tsx'
import { BookingCard, isComing } from './booking-card.tsx'
import { dayWords } from './deadline-words.ts'
import { Workshops } from './workshops.tsx'

type Mine = { rooms: OwnRoom[]; bookings: OwnBooking[]; workshops: OwnWorkshop[] }

/** Rooms of the member's site: nothing is shown where there are none. `touch` changes when everything is to be read anew. */
export function MyRooms({ timeZone, touch }: { timeZone: string; touch: string }) {
  const speech = useSpeech()
  const { t, locale } = speech
  const [mine, setMine] = useState<Mine>()
  const begin = useNewest()
  const load = useCallback(() => {
    const isNewest = begin()
    return Promise.all([
      ask<{ items: OwnRoom[] }>('GET', '/api/me/rooms'),
      ask<{ items: OwnBooking[] }>('GET', '/api/me/bookings'),
      ask<{ items: OwnWorkshop[] }>('GET', '/api/me/workshops'),
    ]).then(
      ([rooms, bookings, workshops]) =>
        isNewest() && setMine({ rooms: rooms.items, bookings: bookings.items, workshops: workshops.items }),
      // what was seen last stays; the page says that the connection is lost
      () => {},
    )
  }, [])
  useEffect(() => void load(), [touch])

  if (!mine || mine.rooms.length + mine.bookings.length + mine.workshops.length === 0) return null
  const { rooms, bookings, workshops } = mine
  const isAhead = (booking: OwnBooking) => new Date(booking.until) > new Date()
  const ahead = bookings.filter(each => isAhead(each) && (isComing(each) || !each.doorKnows))
  const past = bookings.filter(each => !ahead.includes(each))
  const clock = (iso: string) => clockIn(timeZone, locale, iso)
  return (
    <section class="me rooms">
      <h2>{t('rooms')}</h2>
      <h3>{t('bk_mine')}</h3>
      {ahead.length === 0 && <p>{t('bk_none')}</p>}
      {ahead.map(booking => (
        <BookingCard
          key={booking.id}
          booking={booking}
          room={rooms.find(each => each.id === booking.roomId)}
          timeZone={timeZone}
          changed={load}
        />
      ))}
      {rooms.length > 0 && <BookRoom rooms={rooms} changed={load} />}
      <Workshops workshops={workshops} rooms={rooms} timeZone={timeZone} changed={load} />
      {past.length > 0 && (
        <details>
          <summary>{t('bk_past')}</summary>
          <ul class="past">
            {past.map(({ id, room, from, until, state }) => (
              <li key={id}>
                {room} ·{' '}
                {t('bk_span', { day: dayWords(from, timeZone, speech), from: clock(from), until: clock(until) })} ·{' '}
                {t(`bk_${state}`)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}
