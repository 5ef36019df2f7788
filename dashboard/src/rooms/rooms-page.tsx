import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Room, RoomDay } from '../../../schema/api/rooms.ts'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Parts } from '../parts.tsx'
import { Problem } from '../problem.tsx'
import { useMay } from '../role.ts'
import { useWall } from '../site-live.tsx'
import { dayAfter, dayIn } from '../times.ts'
import { useNewest } from '../use-newest.ts'
import { LinkLine } from '../wall/link-line.tsx'
import { DayOfRoom } from './day-of-room.tsx'
import { SiteMode } from './site-mode.tsx'

/** The day of each room: what is booked, whether the door knows it, how many people are inside. */
export function RoomsPage({ siteId }: { siteId: string }) {
  const { t } = useSpeech()
  const may = useMay()
  const wall = useWall()
  const [rooms, setRooms] = useState<Room[]>()
  const [roomId, setRoomId] = useState<string>()
  const [day, setDay] = useState<string>()
  const [shown, setShown] = useState<RoomDay>()
  const [problem, setProblem] = useState<string>()
  useEffect(
    () =>
      void ask<{ items: Room[] }>('GET', `/api/rooms?siteId=${siteId}`).then(
        ({ items }) => setRooms(items.filter(each => each.retiredAt === null)),
        error => setProblem(reasonOf(error)),
      ),
    [siteId],
  )
  const room = rooms?.find(each => each.id === roomId) ?? rooms?.[0]
  const today = room && dayIn(room.timeZone, new Date())
  const asked = day ?? today

  const begin = useNewest()
  const load = useCallback(() => {
    if (!room || !asked) return
    const isNewest = begin()
    ask<RoomDay>('GET', `/api/rooms/${room.id}/day?day=${asked}`).then(
      found => {
        if (!isNewest()) return
        setShown(found)
        setProblem(undefined)
      },
      error => isNewest() && setProblem(reasonOf(error)),
    )
  }, [room?.id, asked])
  // a booking, an entry, a contact of the door: each changes one of these
  const door = wall.doors.find(each => each.id === room?.doorId)
  const controller = wall.controllers.find(each => each.id === room?.controllerId)
  const touch = [door?.state, door?.since, ...Object.values(controller?.grantsVersion ?? {}), controller?.online].join()
  useEffect(load, [load, touch, wall.link])

  if (rooms?.length === 0) return <p>{t('rm_none')}</p>
  return (
    <div class={`rooms link-${wall.link}`}>
      <LinkLine wall={wall} />
      <Parts
        label={t('rooms')}
        parts={rooms?.map(({ id }) => id) ?? []}
        chosen={room?.id}
        choose={setRoomId}
        name={id => <bdi>{rooms?.find(each => each.id === id)?.name}</bdi>}
      />
      {room && today && asked && (
        <div class="day-choice">
          <button type="button" onClick={() => setDay(dayAfter(asked, -1))}>
            ◀ {t('rm_before')}
          </button>
          <label>
            {t('bk_day')}{' '}
            <input
              type="date"
              value={asked}
              onInput={event => event.currentTarget.value && setDay(event.currentTarget.value)}
            />
          </label>
          <button type="button" onClick={() => setDay(dayAfter(asked, 1))}>
            {t('rm_after')} ▶
          </button>
          {asked !== today && (
            <button type="button" onClick={() => setDay(undefined)}>
              {t('rm_today')}
            </button>
          )}
        </div>
      )}
      <Problem reason={problem} />
      {shown && shown.room.id === room?.id && (
        <DayOfRoom key={`${shown.room.id} ${shown.day}`} of={shown} changed={load} />
      )}
      {rooms && may('decide') && <SiteMode siteId={siteId} />}
    </div>
  )
}
