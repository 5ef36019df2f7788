import { useState } from 'preact/hooks'
import { ask, reasonOf } from './api.ts'
import { useSpeech } from './i18n/words.ts'
import { Problem } from './problem.tsx'

export function SignIn({ done }: { done: () => void }) {
  const { t } = useSpeech()
  const [reason, setReason] = useState<string>()
  const [busy, setBusy] = useState(false)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    setBusy(true)
    setReason(undefined)
    try {
      await ask('POST', '/api/sessions', { email: form.get('email'), password: form.get('password') })
      done()
    } catch (error) {
      setReason(reasonOf(error))
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
      <Problem reason={reason} />
      <button type="submit" class="main" disabled={busy}>
        {t('signIn')}
      </button>
    </form>
  )
}
