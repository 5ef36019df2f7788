import type { WallDoor } from '../../../schema/api/live.ts'
import { useSpeech } from '../i18n/words.ts'
import { type Look, lookOf, shapes } from '../state.ts'
import { useNarrow } from '../use-narrow.ts'

type Props = { doors: WallDoor[]; pressed: Look[]; press: (looks: Look[]) => void }

/** What shapes and colours mean, how many doors there are of each, and a press marks them. */
export function Legend({ doors, pressed, press }: Props) {
  const { t, of } = useSpeech()
  const isNarrow = useNarrow()
  const counts = new Map<Look, number>()
  for (const door of doors) counts.set(lookOf(door), (counts.get(lookOf(door)) ?? 0) + 1)
  const shown = (Object.keys(shapes) as Look[]).filter(look => look !== 'room' || counts.has('room'))
  const turned = (look: Look) => (pressed.includes(look) ? pressed.filter(each => each !== look) : [...pressed, look])
  const list = (
    <ul class="legend" aria-label={t('wl_legend')}>
      {shown.map(look => (
        <li key={look}>
          <button
            type="button"
            class={`look-${look}`}
            aria-pressed={pressed.includes(look)}
            onClick={() => press(turned(look))}
          >
            <span aria-hidden="true">{shapes[look]}</span> {of('wl_look', look)}{' '}
            <strong>{counts.get(look) ?? 0}</strong>
          </button>
        </li>
      ))}
      {doors.some(({ height }) => height === 'low') && (
        <li>
          <span aria-hidden="true">↧</span> {t('wl_lowLegend')}
        </li>
      )}
    </ul>
  )
  // on a phone what the wall shows comes before what it means
  return isNarrow ? (
    <details class="legend-folded">
      <summary>{t('wl_legendShort')}</summary>
      {list}
    </details>
  ) : (
    list
  )
}
