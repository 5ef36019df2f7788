import type { ParcelView } from '../../../schema/api/timeline.ts'
import { useSpeech } from '../i18n/words.ts'
import { DrawnTimeline } from '../parcel/drawn-timeline.tsx'
import { ProofLinks } from '../parcel/proof-links.tsx'
import { useAnswer } from '../use-answer.ts'

/** `touch` changes whenever the parcel or its door did. */
export function ParcelTimeline({ parcelId, touch }: { parcelId: string; touch: string }) {
  const { t, of } = useSpeech()
  const { answer: parcel } = useAnswer<ParcelView>(`/api/parcels/${parcelId}`, touch)
  if (!parcel) return null
  return (
    <section>
      <h3>{t('timeline')}</h3>
      <p>
        {of('parcel', parcel.state)} · <a href={`/parcel?id=${parcelId}`}>{t('receipt', { n: parcel.receipt })}</a>
      </p>
      <DrawnTimeline timeline={parcel.timeline} />
      <ProofLinks parcelId={parcelId} />
    </section>
  )
}
