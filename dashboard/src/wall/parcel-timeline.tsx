import { useEffect, useState } from 'preact/hooks'
import type { ParcelView } from '../../../schema/api/timeline.ts'
import { ask } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'

const refusals = new Set(['order-refused', 'code-refused'])

/** `touch` changes whenever the parcel or its door did. */
export function ParcelTimeline({ parcelId, touch }: { parcelId: string; touch: string }) {
  const { t, of, suspect, moment } = useSpeech()
  const [parcel, setParcel] = useState<ParcelView>()
  useEffect(() => {
    let old = false
    ask<ParcelView>('GET', `/api/parcels/${parcelId}`).then(
      found => !old && setParcel(found),
      () => {},
    )
    return () => {
      old = true
    }
  }, [parcelId, touch])
  if (!parcel) return null
  return (
    <section>
      <h3>{t('timeline')}</h3>
      <p>
        {of('parcel', parcel.state)} · {t('receipt', { n: parcel.receipt })}
      </p>
      <ol class="timeline">
        {parcel.timeline.map(entry => (
          <li key={entry.n}>
            <time dateTime={entry.at}>{moment(entry.at)}</time> {of('event', entry.type)}
            {refusals.has(entry.type) && ` : ${of('refused', String(entry.facts.reason))}`}
            {!entry.live && <small> ({t('madeOffline')})</small>}
            {entry.suspect && <strong> ⚠ {suspect(entry.suspect)}</strong>}
          </li>
        ))}
      </ol>
    </section>
  )
}
