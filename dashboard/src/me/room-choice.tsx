import type { OwnRoom } from '../../../schema/api/rooms.ts'
import { useSpeech } from '../i18n/words.ts'

type Props = { rooms: OwnRoom[]; chosen: string; choose: (id: string) => void }

export function RoomChoice({ rooms, chosen, choose }: Props) {
  const { t } = useSpeech()
  return (
    <label>
      {t('bk_room')}
      <select value={chosen} onChange={event => choose(event.currentTarget.value)}>
        {rooms.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
