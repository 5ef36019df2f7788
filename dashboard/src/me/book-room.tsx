import { useState } from 'preact/hooks'
import type { OwnRoom } from '../../../schema/api/rooms.ts'
import { useSpeech } from '../i18n/words.ts'
import { MeansChoice } from './means-choice.tsx'
import { RoomChoice } from './room-choice.tsx'
import { TimeForm } from './time-form.tsx'

/** Which room, when, and how its door is opened. */
export function BookRoom({ rooms, changed }: { rooms: OwnRoom[]; changed: () => void }) {
  const { t } = useSpeech()
  const [roomId, setRoomId] = useState(rooms.find(each => each.mayBook)?.id ?? rooms[0]!.id)
  const room = rooms.find(each => each.id === roomId) ?? rooms[0]!
  return (
    <details class="panel">
      <summary>{t('bk_book')}</summary>
      <RoomChoice rooms={rooms} chosen={room.id} choose={setRoomId} />
      {room.mayBook ? (
        <TimeForm
          key={room.id}
          room={room}
          path="/api/me/bookings"
          act={t('bk_bookDo')}
          more={form => ({ roomId: room.id, means: form.get('means') })}
          said={t('bk_done')}
          done={changed}
        >
          <MeansChoice />
        </TimeForm>
      ) : (
        <p>{t('bk_askThere')}</p>
      )}
    </details>
  )
}
