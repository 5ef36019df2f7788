import { useSpeech } from './i18n/words.ts'

/** A refusal in plain words; always in the page, so that a screen reader tells when it fills. */
export function Problem({ reason }: { reason: string | undefined }) {
  const { t, of } = useSpeech()
  const known = reason && of('error', reason) !== reason
  return (
    <p class="problem" role="alert">
      {reason && (known ? of('error', reason) : t('error_other', { reason }))}
    </p>
  )
}
