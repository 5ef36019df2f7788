import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Refused } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'

const inputs = {
  password: { type: 'password', autocomplete: 'current-password', maxLength: 200 },
  newPassword: { type: 'password', autocomplete: 'new-password', minLength: 12, maxLength: 200 },
  otp: { autocomplete: 'one-time-code', minLength: 6, maxLength: 20 },
  code: { autocomplete: 'one-time-code', inputMode: 'numeric', pattern: ' *([0-9] *){6}', maxLength: 12 },
} as const
type Secret = keyof typeof inputs

type Props<T> = {
  path: string
  asks: readonly Secret[]
  /** what the button says */
  act: string
  done: (answer: T) => void
  /** what to do instead of telling the problem, by its reason */
  instead?: Record<string, (refused: Refused) => unknown>
}

/** Secrets typed anew for one thing; a refusal stands at the field it is about, and the cursor too. */
export function SecretsForm<T>({ path, asks, act, done, instead = {} }: Props<T>) {
  const { t, of } = useSpeech()
  const { send, busy, problem, field } = useSend()
  const [isShown, setIsShown] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const id = useId()
  const wrong = asks.find(each => each === field)
  useEffect(() => {
    const input = wrong && form.current?.elements.namedItem(wrong)
    if (!(input instanceof HTMLInputElement)) return
    input.focus()
    input.select()
  }, [wrong, problem, busy])

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const typed = new FormData(form.current!)
    const value = (each: Secret) => {
      const text = String(typed.get(each) ?? '')
      return each === 'code' ? text.replaceAll(' ', '') : text
    }
    const answer = await send<T>(path, Object.fromEntries(asks.map(each => [each, value(each)])), instead)
    if (answer === undefined) return
    form.current?.reset()
    done(answer)
  }

  return (
    <form ref={form} onSubmit={submit}>
      {asks.map(each => (
        <label key={each}>
          {t(`ac_${each}`)}
          <input
            {...inputs[each]}
            {...(isShown ? { type: 'text' } : {})}
            {...(wrong === each ? { 'aria-invalid': true } : {})}
            name={each}
            required
            aria-describedby={`${id}-${each}`}
          />
          <small
            id={`${id}-${each}`}
            class={wrong === each ? 'problem' : ''}
            role={wrong === each ? 'alert' : undefined}
          >
            {wrong === each && problem
              ? of('error', problem === 'invalid' ? `invalid-${each}` : problem)
              : t(`ac_${each}Hint`)}
          </small>
        </label>
      ))}
      {asks.includes('newPassword') && (
        <label class="choice">
          <input type="checkbox" checked={isShown} onChange={event => setIsShown(event.currentTarget.checked)} />{' '}
          {t('ac_show')}
        </label>
      )}
      <Problem reason={wrong ? undefined : problem} />
      <button type="submit" class="main" aria-busy={busy}>
        {act}
      </button>
    </form>
  )
}
