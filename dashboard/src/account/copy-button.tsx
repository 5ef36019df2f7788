import { useState } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'

/** Only where a page may copy: on HTTPS, or on this very machine. */
export function CopyButton({ text }: { text: string }) {
  const { t } = useSpeech()
  const [step, setStep] = useState<'copy' | 'copied' | 'notCopied'>('copy')
  if (!navigator.clipboard) return null
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setStep('copied'),
      () => setStep('notCopied'),
    )
  return (
    <button type="button" onClick={copy}>
      <span role="status">{t(`ac_${step}`)}</span>
    </button>
  )
}
