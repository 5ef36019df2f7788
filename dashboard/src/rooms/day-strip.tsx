import type { RoomDay } from '../../../schema/api/rooms.ts'
import { useSpeech } from '../i18n/words.ts'
import { clockIn } from '../times.ts'

const hourMs = 3_600_000

/** One row for each place, from the first hour of the day to the last; said in words by the list below it. */
export function DayStrip({ of: { room, open, bookings, day } }: { of: RoomDay }) {
  const { locale } = useSpeech()
  const times = [...open, ...bookings.filter(each => isShown(each.state))].flatMap(({ from, until }) => [from, until])
  if (times.length === 0) return null
  const ms = times.map(each => Date.parse(each))
  const start = Math.floor(Math.min(...ms) / hourMs) * hourMs
  const end = Math.ceil(Math.max(...ms) / hourMs) * hourMs
  const x = (iso: string) => ((Date.parse(iso) - start) / (end - start)) * 100
  const hours = Array.from({ length: (end - start) / hourMs + 1 }, (_, n) => new Date(start + n * hourMs).toISOString())
  const every = Math.ceil(hours.length / 8)
  const now = new Date().toISOString()
  const rows = Array.from({ length: room.places }, (_, n) => n + 1)
  const place = (from: string, until: string) => ({ left: `${x(from)}%`, width: `${x(until) - x(from)}%` })
  return (
    <div class="strip" aria-hidden="true" data-day={day}>
      {rows.map(row => (
        <div key={row} class="strip-row">
          {open.map(({ from, until }) => (
            <span key={from} class="strip-open" style={place(from, until)} />
          ))}
          {bookings
            .filter(each => each.place === row && isShown(each.state))
            .map(({ id, from, until, state, entered, title, doorKnows }) => (
              <span key={id} class={`strip-booked strip-${state}`} style={place(from, until)}>
                {entered && '✓ '}
                {!doorKnows && '↻ '}
                <bdi>{title}</bdi>
              </span>
            ))}
          {now > hours[0]! && now < hours.at(-1)! && <span class="strip-now" style={{ left: `${x(now)}%` }} />}
        </div>
      ))}
      <div class="strip-hours">
        {hours.map((iso, n) =>
          n % every === 0 && n < hours.length - 1 ? (
            <span key={iso} style={{ left: `${x(iso)}%` }}>
              {clockIn(room.timeZone, locale, iso)}
            </span>
          ) : null,
        )}
      </div>
    </div>
  )
}

const isShown = (state: string) => state === 'booked' || state === 'kept'
