import { FileLink } from '../file-link.tsx'
import { useSpeech } from '../i18n/words.ts'

/** What happened, to take along, and where anybody checks it. */
export function ProofLinks({ parcelId }: { parcelId: string }) {
  const { t } = useSpeech()
  return (
    <div class="proof-links">
      <FileLink path={`/api/parcels/${parcelId}/proof`} words={t('pf_download')} />
      <a href="/verify">{t('pf_verify')}</a>
    </div>
  )
}
