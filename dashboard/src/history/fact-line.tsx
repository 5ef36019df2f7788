import type { HistoryItem } from '../../../schema/api/history.ts'
import { type Speech, useSpeech } from '../i18n/words.ts'
import { factDetails } from './fact-details.ts'

/** What the server and the device call the same moment, unless their clocks differ. */
const sameMs = 2_000

/** One entry in words: when, what, where, by whom and why. */
export function FactLine({ item, when }: { item: HistoryItem; when: (iso: string) => string }) {
  const speech = useSpeech()
  const { t, of, suspect } = speech
  const details = factDetails(item, speech)
  const differs = Math.abs(Date.parse(item.at) - Date.parse(item.receivedAt)) > sameMs
  const where = [
    item.controller ?? item.controllerId,
    item.doorName ?? (item.door !== null ? t('door', { n: item.door }) : null),
  ]
  return (
    <li class={item.suspect ? 'fact fact-suspect' : 'fact'}>
      <p class="fact-when">
        <time dateTime={item.receivedAt}>{when(item.receivedAt)}</time>
        {differs && (
          <small>
            {' '}
            <time dateTime={item.at}>{t('hi_deviceTime', { time: when(item.at) })}</time>
          </small>
        )}
        {!item.live && <span class="fact-offline"> ⇅ {t('madeOffline')}</span>}
      </p>
      <p>
        <strong>{of('event', item.type)}</strong>
        {details && ` · ${details}`}
        {item.actor && ` · ${actorWords(item.actor, speech)}`}
      </p>
      <p class="fact-where">
        {where.filter(Boolean).map(each => (
          <span key={each}>
            <bdi>{each}</bdi>{' '}
          </span>
        ))}
        {item.parcelId && item.receipt && (
          <a href={`/parcel?id=${item.parcelId}`}>{t('hi_openParcel', { n: item.receipt })}</a>
        )}
      </p>
      {item.note && (
        <p>
          <bdi>{t('hi_because', { note: item.note })}</bdi>
        </p>
      )}
      {item.suspect && <p class="badge">⚠ {suspect(item.suspect)}</p>}
    </li>
  )
}

function actorWords({ kind, name }: NonNullable<HistoryItem['actor']>, { t }: Speech): string {
  if (kind === 'resident') return t('hi_byResident')
  return t('hi_by', { name: name ?? '' })
}
