import type { FunctionComponent } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useSpeech } from './i18n/words.ts'

/** A part that is fetched when it is first shown: who opens the wall does not wait for the other pages. */
export function lazy<Props extends object>(load: () => Promise<FunctionComponent<Props>>): FunctionComponent<Props> {
  let Part: FunctionComponent<Props> | undefined
  return function Lazy(props: Props) {
    const { t } = useSpeech()
    const [step, setStep] = useState<'waits' | 'here' | 'failed'>(Part ? 'here' : 'waits')
    useEffect(() => {
      if (Part) return
      load().then(
        part => {
          Part = part
          setStep('here')
        },
        () => setStep('failed'),
      )
    }, [])
    if (step === 'here' && Part) return <Part {...props} />
    if (step === 'waits') return null
    return (
      <p role="alert">
        {t('notLoaded')}{' '}
        <button type="button" onClick={() => location.reload()}>
          {t('tryAgain')}
        </button>
      </p>
    )
  }
}
