import { useEffect, useState } from 'preact/hooks'
import type { WallDoor } from '../../../schema/api/live.ts'
import type { Room } from '../../../schema/api/rooms.ts'
import { ask, reasonOf } from '../api.ts'
import { ActForm } from '../counter/act-form.tsx'
import { isolated, useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { ExceptionsForm } from './exceptions-form.tsx'
import { HoursForm } from './hours-form.tsx'
import { RoomFields, roomIn } from './room-fields.tsx'

/** The rooms of a site, and doors of rooms behind which nothing can be booked yet. */
export function RoomSettings({ siteId }: { siteId: string }) {
  const { t } = useSpeech()
  const [rooms, setRooms] = useState<Room[]>()
  const [doors, setDoors] = useState<WallDoor[]>([])
  const [problem, setProblem] = useState<string>()
  const load = () => {
    const all = [ask<{ items: Room[] }>('GET', `/api/rooms?siteId=${siteId}`).then(({ items }) => setRooms(items))]
    all.push(ask<{ items: WallDoor[] }>('GET', `/api/doors?siteId=${siteId}`).then(({ items }) => setDoors(items)))
    Promise.all(all).then(
      () => setProblem(undefined),
      error => setProblem(reasonOf(error)),
    )
  }
  useEffect(load, [siteId])
  const spare = doors.filter(
    door => door.kind === 'room' && door.offer !== 'retired' && !rooms?.some(each => each.doorId === door.id),
  )
  return (
    <div class="banks">
      <Problem reason={problem} />
      {rooms
        ?.filter(each => each.retiredAt === null)
        .map(room => (
          <OneRoom key={room.id} room={room} changed={load} />
        ))}
      {rooms && spare.length > 0 && <NewRoom doors={spare} made={load} />}
      {rooms?.length === 0 && spare.length === 0 && <p>{t('se_noDoors')}</p>}
    </div>
  )
}

function OneRoom({ room, changed }: { room: Room; changed: () => void }) {
  const { t } = useSpeech()
  const { send, busy, problem } = useSend()
  const [isSaved, setIsSaved] = useState(false)
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setIsSaved(false)
    if (!(await send(`/api/rooms/${room.id}/change`, roomIn(event.currentTarget as HTMLFormElement)))) return
    setIsSaved(true)
    changed()
  }
  return (
    <section class="bank" aria-label={room.name}>
      <h2>
        <bdi>{room.name}</bdi>
      </h2>
      <details>
        <summary>{t('se_hours')}</summary>
        <HoursForm room={room} changed={changed} />
      </details>
      <details>
        <summary>{t('se_exceptions')}</summary>
        <ExceptionsForm room={room} changed={changed} />
      </details>
      <details>
        <summary>{t('se_booking')}</summary>
        <form aria-label={t('se_booking')} onSubmit={submit}>
          <RoomFields of={room} />
          <Problem reason={problem} />
          <button type="submit" class="main" aria-busy={busy}>
            {t('save')}
          </button>
          <p role="status">{isSaved && t('me_saved')}</p>
        </form>
      </details>
      <details>
        <summary>{t('se_retire')}</summary>
        <p>{t('se_retireWhy')}</p>
        <ActForm path={`/api/rooms/${room.id}/retire`} act={t('se_retireDo')} done={changed} />
      </details>
    </section>
  )
}

function NewRoom({ doors, made }: { doors: WallDoor[]; made: () => void }) {
  const { t } = useSpeech()
  const { send, busy, problem } = useSend()
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const data = new FormData(form)
    const body = { ...roomIn(form), doorId: data.get('doorId'), places: Number(data.get('places')) }
    if (!(await send('/api/rooms', body))) return
    form.reset()
    made()
  }
  return (
    <section class="bank" aria-label={t('se_newRoom')}>
      <details>
        <summary>{t('se_newRoom')}</summary>
        <form onSubmit={submit}>
          <label>
            {t('se_door')}
            <select name="doorId">
              {doors.map(({ id, controllerId, door, name }) => (
                <option key={id} value={id}>
                  {controllerId} · {t('door', { n: door })} {isolated(name ?? '')}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t('se_places')}
            <input name="places" type="number" required min={1} max={100} defaultValue="1" />
            <small>{t('se_placesHint')}</small>
          </label>
          <RoomFields />
          <Problem reason={problem} />
          <button type="submit" class="main" aria-busy={busy}>
            {t('se_newRoomDo')}
          </button>
        </form>
      </details>
    </section>
  )
}
