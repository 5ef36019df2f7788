import type { OwnParcel, Profile } from '../../../schema/api/resident.ts'
import { type Speech, useSpeech } from '../i18n/words.ts'
import { ProofLinks } from '../parcel/proof-links.tsx'
import { AlertForm } from './alert-form.tsx'
import { dayWords } from './deadline-words.ts'
import { placeOf } from './place.ts'

type Props = { parcels: OwnParcel[]; site: Profile['site']; changed: () => void }

/** What is over; about one that was collected something can still be said. */
export function PastParcels({ parcels, site, changed }: Props) {
  const speech = useSpeech()
  const { t } = speech
  return (
    <details class="panel">
      <summary>{t('me_past')}</summary>
      {parcels.length === 0 && <p>{t('me_pastNone')}</p>}
      <ul class="past">
        {parcels.map(parcel => (
          <li key={parcel.id}>
            <p>
              {placeOf(parcel, speech)}
              {parcel.carrier && ` · ${t('me_from', { carrier: parcel.carrier })}`} · {endWords(parcel, site, speech)} ·{' '}
              {t('receipt', { n: parcel.receipt })}
            </p>
            <ProofLinks parcelId={parcel.id} />
            {parcel.state === 'collected' && <AlertForm parcelId={parcel.id} changed={changed} />}
          </li>
        ))}
      </ul>
    </details>
  )
}

function endWords({ state, endedAt, madeAt, byDelegate }: OwnParcel, site: Profile['site'], speech: Speech): string {
  const { t, of } = speech
  const day = dayWords(endedAt ?? madeAt, site.timeZone, speech)
  if (state === 'collected') return t(byDelegate ? 'me_collectedBy' : 'me_collected', { day })
  if (state === 'returned') return t('me_returned', { day })
  return state === 'cancelled' ? t('me_cancelled', { day }) : of('parcel', state)
}
