import type { Room, Span } from '../../../schema/api/rooms.ts'
import { useSpeech } from '../i18n/words.ts'
import { clockIn, endsAfter, type Offered, spanFrom, startsIn } from '../times.ts'

type Props = {
  room: Pick<Room, 'timeZone' | 'longestMs'>
  offered: Offered
  span: Span
  choose: (span: Span | undefined) => void
}

/** A start and an end, of what is free. */
export function SpanChoice({ room, offered, span, choose }: Props) {
  const { t, locale } = useSpeech()
  const { timeZone, longestMs } = room
  const { free } = offered
  const options = (times: string[]) =>
    times.map(each => (
      <option key={each} value={each}>
        {clockIn(timeZone, locale, each)}
      </option>
    ))
  return (
    <div class="row">
      <label>
        {t('bk_from')}
        <select value={span.from} onChange={event => choose(spanFrom(event.currentTarget.value, free, longestMs))}>
          {options(startsIn(offered))}
        </select>
      </label>
      <label>
        {t('bk_until')}
        <select value={span.until} onChange={event => choose({ ...span, until: event.currentTarget.value })}>
          {options(endsAfter(span.from, free, longestMs))}
        </select>
      </label>
    </div>
  )
}
