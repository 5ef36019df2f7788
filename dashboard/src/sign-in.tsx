import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ask, reasonOf } from './api.ts'
import { useSpeech } from './i18n/words.ts'
import { Problem } from './problem.tsx'

export function SignIn({ done }: { done: () => void }) {
  const { t } = useSpeech()
  const [reason, setReason] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [asksOtp, setAsksOtp] = useState(false)
  const otpField = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => otpField.current?.focus(), [asksOtp])

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    setBusy(true)
    setReason(undefined)
    const otp = asksOtp ? { otp: form.get('otp') } : {}
    try {
      await ask('POST', '/api/sessions', { email: form.get('email'), password: form.get('password'), ...otp })
      done()
    } catch (error) {
      const why = reasonOf(error)
      // another address may have no second factor
      setAsksOtp(why === 'otp-needed' || why === 'otp-wrong')
      if (why !== 'otp-needed') setReason(why)
      otpField.current?.select()
    } finally {
      setBusy(false)
    }
  }

  return (
    <form class="sign-in" onSubmit={submit}>
      <h2>{t('signIn')}</h2>
      <label>
        {t('email')}
        <input name="email" type="email" autocomplete="username" required />
      </label>
      <label>
        {t('password')}
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      {asksOtp && (
        <label>
          {t('otp')}
          <input ref={otpField} name="otp" autocomplete="one-time-code" maxLength={20} required />
          <small>{t('otpHint')}</small>
        </label>
      )}
      <Problem reason={reason} />
      <button type="submit" class="main" disabled={busy}>
        {t('signIn')}
      </button>
    </form>
  )
}
