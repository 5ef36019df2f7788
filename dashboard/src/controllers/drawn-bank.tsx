import { useSpeech } from '../i18n/words.ts'
import { columnsOf } from '../wall/places.ts'
import type { NewDoor } from './new-door.ts'

type Drawn = Pick<NewDoor, 'door' | 'kind' | 'name'> & {
  size?: NewDoor['size'] | null
  height?: NewDoor['height']
  column?: number | null
  row?: number | null
}

/** The boxes as the wall will draw them, by the same rule, and the names of the rooms. */
export function DrawnBank({ doors }: { doors: Drawn[] }) {
  const { t } = useSpeech()
  const boxes = doors
    .filter(({ kind }) => kind === 'compartment')
    .map(({ size = null, column = null, row = null, ...each }) => ({
      ...each,
      id: String(each.door),
      // half a place is none yet
      ...{ size, column: row && column, row: column && row },
    }))
  const rooms = doors.filter(({ kind }) => kind === 'room')
  return (
    <figure>
      <figcaption>{t('ct_drawn')}</figcaption>
      {boxes.length > 0 && (
        <div class="cabinet drawn-bank">
          {columnsOf(boxes).map((column, at) => (
            <ul key={column.doors[0]!.door.id} class="column" aria-label={`${t('ct_column')} ${at + 1}`}>
              {column.doors.map(({ door: { door, size, height, name } }) => (
                <li key={door} class={`door size-${size}`}>
                  <span class="number">
                    <bdi>{name ?? door}</bdi> <small>{size}</small>
                    {height === 'low' && (
                      <>
                        <span aria-hidden="true"> ↧</span>
                        <span class="said"> {t('wl_low')}</span>
                      </>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          ))}
        </div>
      )}
      {rooms.length > 0 && (
        <ul class="drawn-rooms">
          {rooms.map(({ door, name }) => (
            <li key={door} class="tag">
              <bdi>{name ?? `${t('room')} ${door}`}</bdi>
            </li>
          ))}
        </ul>
      )}
    </figure>
  )
}
