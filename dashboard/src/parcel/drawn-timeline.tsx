import type { TimelineEntry } from '../../../schema/api/timeline.ts'
import { factDetails } from '../history/fact-details.ts'
import { type Speech, useSpeech } from '../i18n/words.ts'
import { drawRows, lanes, type Row } from './drawn.ts'

/**
 * A parcel's story as a picture of five lines: the parcel, and what an opening consists of, each told for itself: order,
 * bolt, door, what is inside. The words beside it are the list that a screen reader reads.
 */
export function DrawnTimeline({ timeline }: { timeline: TimelineEntry[] }) {
  const { t } = useSpeech()
  return (
    <div class="drawn">
      <p class="lanes lanes-head" aria-hidden="true">
        {lanes.map(lane => (
          <span key={lane} class="lane">
            {t(`pl_${lane}`)}
          </span>
        ))}
      </p>
      <ol class="timeline">
        {drawRows(timeline).map(row => (
          <DrawnRow key={row.entry.n} row={row} />
        ))}
      </ol>
    </div>
  )
}

function DrawnRow({ row }: { row: Row }) {
  const speech = useSpeech()
  const { t, of, suspect, moment } = speech
  const { entry, lane, mark, was, is, gapMs } = row
  const details = factDetails(entry, speech)
  return (
    <li class={entry.live ? 'drawn-row' : 'drawn-row drawn-offline'}>
      <span class="lanes" aria-hidden="true">
        {lanes.map(each => (
          <span key={each} class={`lane lane-${each}`} data-was={was[each]} data-is={is[each]} data-gap={gapMs > 0}>
            {each === lane && <span class="mark">{mark}</span>}
          </span>
        ))}
      </span>
      <span class="drawn-words">
        {gapMs > 0 && <small class="drawn-gap">{t('pl_later', { time: spanWords(gapMs, speech) })}</small>}
        <time dateTime={entry.at}>{moment(entry.at)}</time> {of('event', entry.type)}
        {details && ` : ${details}`}
        {!entry.live && <small> ({t('madeOffline')})</small>}
        {entry.suspect && <strong> ⚠ {suspect(entry.suspect)}</strong>}
      </span>
    </li>
  )
}

function spanWords(ms: number, { t }: Speech): string {
  const hours = Math.round(ms / 3600_000)
  const days = Math.floor(hours / 24)
  const parts = [days > 0 && t('pl_days', { n: days }), hours % 24 > 0 && t('pl_hours', { n: hours % 24 })]
  return parts.filter(Boolean).join(' ')
}
