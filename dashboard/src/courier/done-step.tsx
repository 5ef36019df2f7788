import { useSpeech } from '../i18n/words.ts'
import { StepTitle } from './step-title.tsx'
import type { Step } from './steps.ts'

type Props = { step: Extract<Step, { at: 'done' }>; home: () => void }

/** The receipt; the next parcel is one tap away. */
export function DoneStep({ step, home }: Props) {
  const { t } = useSpeech()
  const { receipt, whom, shelf, contested } = step
  const { flat } = whom
  const told = contested
    ? t('depositUnseen')
    : shelf === undefined
      ? t('depositTold', { flat })
      : t('shelfTold', { flat, shelf })
  return (
    <section>
      <StepTitle>{t('depositDone')}</StepTitle>
      <p>{told}</p>
      <p class="receipt">
        <span>{t('receiptNumber')}</span>
        <a href={`/receipt/${receipt}`}>{receipt}</a>
      </p>
      <button type="button" class="main wide" onClick={home}>
        {t('nextParcel')}
      </button>
    </section>
  )
}
