import { useSpeech } from '../i18n/words.ts'

/** What happened, to take along, and where anybody checks it. */
export function ProofLinks({ parcelId }: { parcelId: string }) {
  const { t } = useSpeech()
  return (
    <p>
      <a href={`/api/parcels/${parcelId}/proof`} download>
        {t('pf_download')}
      </a>
      {' · '}
      <a href="/verify">{t('pf_verify')}</a>
    </p>
  )
}
