import { useState } from 'preact/hooks'
import type { OwnRoom } from '../../../schema/api/rooms.ts'
import type { OwnWorkshop } from '../../../schema/api/workshops.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { clockIn } from '../times.ts'
import { dayWords } from './deadline-words.ts'
import { EntryCode } from './entry-code.tsx'
import { MeansChoice } from './means-choice.tsx'
import { RoomChoice } from './room-choice.tsx'
import { TimeForm } from './time-form.tsx'

type Props = { workshops: OwnWorkshop[]; rooms: OwnRoom[]; timeZone: string; changed: () => void }

/** Announced by a member, joined by others; everybody gets the entry for its time. */
export function Workshops({ workshops, rooms, timeZone, changed }: Props) {
  const { t } = useSpeech()
  const own = rooms.filter(each => each.mayBook)
  return (
    <>
      <h3>{t('ws_title')}</h3>
      {workshops.length === 0 && <p>{t('ws_none')}</p>}
      {workshops.map(each => (
        <Workshop key={each.id} workshop={each} timeZone={timeZone} changed={changed} />
      ))}
      {own.length > 0 && <Announce rooms={own} changed={changed} />}
    </>
  )
}

type One = { workshop: OwnWorkshop; timeZone: string; changed: () => void }
function Workshop({ workshop, timeZone, changed }: One) {
  const speech = useSpeech()
  const { t, count, locale } = speech
  const { send, problem } = useSend()
  const { id, title, room, from, until, free, state, mine, doorKnows } = workshop
  const clock = (iso: string) => clockIn(timeZone, locale, iso)
  const ask = async (what: 'sign-up' | 'leave' | 'cancel', body?: object) =>
    (await send(`/api/me/workshops/${id}/${what}`, body)) && changed()

  function signUp(event: SubmitEvent) {
    event.preventDefault()
    void ask('sign-up', { means: new FormData(event.currentTarget as HTMLFormElement).get('means') })
  }

  return (
    <article class={`parcel ${mine && state === 'announced' ? 'look-waiting' : ''}`}>
      <h4>
        <bdi>{title}</bdi>{' '}
        <small>
          · <bdi>{room}</bdi>
        </small>
      </h4>
      <p class="deadline">
        {t('bk_span', { day: dayWords(from, timeZone, speech), from: clock(from), until: clock(until) })}
      </p>
      {state === 'cancelled' ? (
        <p>{t('ws_cancelled')}</p>
      ) : (
        <p>
          {mine && t(`ws_${mine}`)} {free > 0 ? count('ws_seats', free) : t('ws_full')}
        </p>
      )}
      {mine && state === 'announced' && <EntryCode path={`/api/me/workshops/${id}/code`} timeZone={timeZone} />}
      {mine && doorKnows === false && <p class="warning">{t('bk_doorSoon')}</p>}
      {!mine && state === 'announced' && free > 0 && (
        <details>
          <summary>{t('ws_signUp')}</summary>
          <form onSubmit={signUp}>
            <MeansChoice />
            <button type="submit" class="main">
              {t('ws_signUp')}
            </button>
          </form>
        </details>
      )}
      <Problem reason={problem} />
      {mine === 'seat' && state === 'announced' && (
        <button type="button" onClick={() => ask('leave')}>
          {t('ws_leave')}
        </button>
      )}
      {mine === 'host' && state === 'announced' && (
        <button type="button" onClick={() => ask('cancel')}>
          {t('ws_cancel')}
        </button>
      )}
    </article>
  )
}

function Announce({ rooms, changed }: { rooms: OwnRoom[]; changed: () => void }) {
  const { t } = useSpeech()
  const [roomId, setRoomId] = useState(rooms[0]!.id)
  const room = rooms.find(each => each.id === roomId) ?? rooms[0]!
  return (
    <details class="panel">
      <summary>{t('ws_announce')}</summary>
      <RoomChoice rooms={rooms} chosen={room.id} choose={setRoomId} />
      <TimeForm
        key={room.id}
        room={room}
        path="/api/me/workshops"
        act={t('ws_announceDo')}
        more={form => ({ roomId: room.id, title: form.get('title'), places: Number(form.get('places')) })}
        said={t('ws_announced')}
        done={changed}
      >
        <label>
          {t('ws_name')}
          <input name="title" required maxLength={200} pattern=".*\S.*" />
        </label>
        <label>
          {t('ws_places')}
          <input
            name="places"
            type="number"
            required
            min={1}
            max={room.capacity}
            defaultValue={String(Math.min(6, room.capacity))}
          />
        </label>
        <p>{t('ws_hostEarly')}</p>
      </TimeForm>
    </details>
  )
}
