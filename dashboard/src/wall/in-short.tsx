import type { WallController, WallDoor } from '../../../schema/api/live.ts'
import { useSpeech } from '../i18n/words.ts'
import { inShort } from './find.ts'

const rows = [
  ['needs', '⚠'],
  ['free', '○'],
  ['taken', '■'],
  ['away', '⊘'],
] as const

/** The site in four numbers, by colour, shape and word: what is seen first, also on a phone. */
export function InShort({ doors, controllers }: { doors: WallDoor[]; controllers: WallController[] }) {
  const { t, count } = useSpeech()
  const numbers = inShort(doors, controllers)
  return (
    <ul class="in-short" aria-label={t('wl_inShort')}>
      {rows.map(([what, shape]) => (
        <li key={what} class={numbers[what] > 0 ? `short-${what}` : undefined}>
          <span aria-hidden="true">{shape}</span> <strong>{numbers[what]}</strong>{' '}
          <span>{count(`wl_short_${what}`, numbers[what])}</span>
        </li>
      ))}
    </ul>
  )
}
