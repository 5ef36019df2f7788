import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { AlertKind } from '../../../schema/api/alerts.ts'
import type { HeardAlert } from '../../../schema/api/bank.ts'
import { StepTitle } from '../courier/step-title.tsx'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'

type Props = { bankId: string; kind: AlertKind; heard: (heard: HeardAlert) => void; back: () => void }

/** The code says which parcel. What is no code at all is told before it counts as a wrong try. */
export function CodeStep({ bankId, kind, heard, back }: Props) {
  const { t } = useSpeech()
  const { send, busy, problem } = useSend()
  const [isShort, setShort] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => field.current?.focus(), [])

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const code = field.current!.value.replace(/\D/g, '')
    setShort(code.length !== 8)
    field.current!.focus()
    if (code.length !== 8) return
    const answer = await send<HeardAlert>(`/api/banks/${encodeURIComponent(bankId)}/alerts`, { code, kind })
    if (answer) heard(answer)
    else field.current?.select()
  }

  return (
    <form class="stacked" onSubmit={submit}>
      <StepTitle>{t(`me_alert_${kind}`)}</StepTitle>
      <label>
        {t('here_code')}
        <input
          ref={field}
          class="typed-code"
          name="code"
          inputMode="numeric"
          autocomplete="off"
          maxLength={11}
          aria-describedby="code-hint"
        />
      </label>
      <small id="code-hint">{t('here_codeHint')}</small>
      <Problem reason={isShort ? 'code-short' : problem} />
      <button type="submit" class="main wide" disabled={busy}>
        {t('me_alertDo')}
      </button>
      <button type="button" class="wide" onClick={back}>
        {t('back')}
      </button>
    </form>
  )
}
