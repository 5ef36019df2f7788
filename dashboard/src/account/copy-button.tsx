import { useState } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'

/** Only where a page may copy: on HTTPS, or on this very machine. `label` tells it from others on the page. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useSpeech()
  const [step, setStep] = useState<'copy' | 'copied' | 'notCopied'>('copy')
  if (!navigator.clipboard) return null
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setStep('copied'),
      () => setStep('notCopied'),
    )
  return (
    <button type="button" class="not-on-paper" aria-label={label} onClick={copy}>
      <span role="status">{t(`ac_${step}`)}</span>
    </button>
  )
}
