import { useRef, useState } from 'preact/hooks'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'

export function SignInResident({ done }: { done: () => void }) {
  const { t } = useSpeech()
  const [reason, setReason] = useState<string>()
  const busy = useRef(false)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    if (busy.current) return
    busy.current = true
    setReason(undefined)
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const [memberNumber, pin] = ['memberNumber', 'pin'].map(name => String(form.get(name)).replaceAll(' ', ''))
    try {
      await ask('POST', '/api/sessions', { memberNumber, pin })
      done()
    } catch (error) {
      const refused = reasonOf(error)
      setReason(refused === 'wrong-sign-in' ? 'wrong-sign-in-me' : refused)
    } finally {
      busy.current = false
    }
  }

  return (
    <form class="sign-in" onSubmit={submit}>
      <h2>{t('me_signIn')}</h2>
      <label>
        {t('me_memberNumber')}
        <input
          name="memberNumber"
          inputMode="numeric"
          autocomplete="username"
          required
          maxLength={20}
          aria-describedby="member-hint"
        />
      </label>
      <small id="member-hint">{t('me_memberHint')}</small>
      <label>
        {t('me_pin')}
        <input name="pin" type="password" inputMode="numeric" autocomplete="current-password" required maxLength={32} />
      </label>
      <Problem reason={reason} />
      <button type="submit" class="main">
        {t('me_signIn')}
      </button>
      <small>{t('me_forgot')}</small>
    </form>
  )
}
