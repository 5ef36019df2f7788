import type { WallDoor } from '../../../schema/api/live.ts'
import { useSpeech } from '../i18n/words.ts'
import { memo } from '../memo.ts'
import { lookOf, shapes } from '../state.ts'
import { doorSentence, firstWord, moreWords } from './door-words.ts'

type Props = {
  door: WallDoor
  /** whole days that its parcel lies there */
  days: number
  chosen: boolean
  /** of what is looked for: this one, or another; null when nothing is */
  marked: boolean | null
  /** the one of its bank that Tab comes to */
  stop: boolean
  choose: (id: string) => void
}

export const Door = memo(({ door, days, chosen, marked, stop, choose }: Props) => {
  const speech = useSpeech()
  const { t, of, moment } = speech
  const look = lookOf(door)
  const about = { door, look, days }
  const more = moreWords(about, speech)
  // the wall says the usual in one word, and of a box that is as usual no time
  const word = look === 'waiting' && door.parcel?.state === 'waiting' ? t('wl_look_waiting') : firstWord(about, speech)
  const isUsual = door.state === 'closed' && (look === 'free' || look === 'unchecked' || look === 'retired')
  const mark = marked === null ? '' : marked ? ' marked' : ' other'
  return (
    <button
      type="button"
      id={`door-${door.id}`}
      class={`door size-${door.size} look-${look}${mark}`}
      aria-pressed={chosen}
      tabIndex={stop ? 0 : -1}
      onClick={() => choose(door.id)}
    >
      <span class="said">{doorSentence(about, speech)}</span>
      <span class="number" aria-hidden="true">
        {door.name ?? door.door}
        {door.size && <small> {door.size}</small>}
        {door.height === 'low' && <span class="low"> ↧</span>}
      </span>
      <span class="words" aria-hidden="true">
        {word}
      </span>
      {days > 0 && (
        <strong class="days" aria-hidden="true">
          {t('wl_days', { n: days })}
        </strong>
      )}
      <span class="shape" aria-hidden="true">
        {shapes[look]}
      </span>
      {more.length > 0 && (
        <span class="more" aria-hidden="true">
          {more.join(' · ')}
        </span>
      )}
      {!isUsual && (
        <small class="more" aria-hidden="true">
          {/* since when nothing is known says nothing */}
          {door.state === 'unknown' ? of('state', door.state) : `${of('state', door.state)} · ${moment(door.since)}`}
        </small>
      )}
    </button>
  )
})
