import { useState } from 'preact/hooks'
import type { WallController, WallDoor } from '../../../schema/api/live.ts'
import { useSpeech } from '../i18n/words.ts'
import { ControllerFacts } from './controller-facts.tsx'
import { Door } from './door.tsx'
import { daysLying } from './door-words.ts'
import { type Column, columnsOf, doorBeside, widthCm } from './places.ts'

export type Showing = {
  chosen: string | undefined
  choose: (id: string) => void
  /** null when nothing is looked for */
  marks: ((door: WallDoor) => boolean) | null
  /** ms since 1970, to the minute */
  now: number
}
type Props = { controller: WallController; doors: WallDoor[]; showing: Showing }

/** One controller: its compartments as they stand, its rooms side by side. */
export function Bank({ controller, doors, showing }: Props) {
  const { t } = useSpeech()
  const boxes = doors.filter(({ kind }) => kind === 'compartment')
  const rooms = doors.filter(({ kind }) => kind === 'room')
  return (
    <section class={`bank${controller.online ? '' : ' away'}`} aria-label={controller.name}>
      <h2>
        <bdi>{controller.name}</bdi>
      </h2>
      <ControllerFacts controller={controller} />
      {boxes.length > 0 && <FreeBoxes boxes={boxes} />}
      {boxes.length > 0 && (
        <Doors
          columns={columnsOf(boxes)}
          showing={showing}
          look="cabinet"
          label={n => t('wl_column', { bank: controller.name, n })}
        />
      )}
      {rooms.length > 0 && (
        <Doors
          columns={rooms.map(alone)}
          showing={showing}
          look="strip-of-rooms"
          label={n => rooms[n - 1]!.name ?? t('room')}
        />
      )}
    </section>
  )
}

const alone = (door: WallDoor): Column<WallDoor> => ({ doors: [{ door, middle: 0 }], wide: false })

type DoorsProps = { columns: Column<WallDoor>[]; showing: Showing; look: string; label: (n: number) => string }

/** Tab comes to one door of them; arrows lead on as the doors stand. */
function Doors({ columns, showing, look, label }: DoorsProps) {
  const { chosen, choose, marks, now } = showing
  const [last, setLast] = useState<string>()
  const isHere = columns.some(({ doors }) => doors.some(({ door }) => door.id === last))
  const stop = isHere ? last : columns[0]?.doors[0]?.door.id

  function move(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const from = (event.target as HTMLElement).id.replace(/^door-/, '')
    const next = doorBeside(columns, from, event.key)
    if (!next) return
    event.preventDefault()
    document.getElementById(`door-${next.id}`)?.focus()
  }
  const remember = (event: FocusEvent) => setLast((event.target as HTMLElement).id.replace(/^door-/, ''))

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the arrow keys of the buttons in it
    <div
      class={look}
      style={{ '--columns': columns.length, '--width': widthOf(columns) }}
      onKeyDown={move}
      onFocusIn={remember}
    >
      {columns.map(({ doors, wide }, at) => (
        <ul key={doors[0]!.door.id} class={wide ? 'column wide' : 'column'} aria-label={label(at + 1)}>
          {doors.map(({ door }) => (
            <li key={door.id}>
              <Door
                door={door}
                days={daysLying(door, now)}
                chosen={door.id === chosen}
                marked={marks?.(door) ?? null}
                stop={door.id === stop}
                choose={choose}
              />
            </li>
          ))}
        </ul>
      ))}
    </div>
  )
}

const widthOf = (columns: Column<WallDoor>[]): number =>
  columns.reduce((sum, { wide }) => sum + (wide ? widthCm.XL : widthCm.others), 0)

const sizes = ['S', 'M', 'L', 'XL'] as const

/** How many of each size a courier would be given now. */
function FreeBoxes({ boxes }: { boxes: WallDoor[] }) {
  const { t } = useSpeech()
  const counts = sizes
    .map(size => ({ size, all: boxes.filter(each => each.size === size && each.offer !== 'retired') }))
    .filter(({ all }) => all.length > 0)
  return (
    <p class="free-boxes">
      {t('wl_free')}{' '}
      {counts.map(({ size, all }, at) => (
        <span key={size}>
          {at > 0 && ' · '}
          {size} <strong>{all.filter(({ offer }) => offer === 'free' || offer === 'unchecked').length}</strong>/
          {all.length}
        </span>
      ))}
    </p>
  )
}
