import { useState } from 'preact/hooks'
import { ask, reasonOf } from './api.ts'
import { useSpeech } from './i18n/words.ts'
import { Problem } from './problem.tsx'

/** The first landlord's page. The token stands after the # of the address, which no browser sends to a server. */
export function SetUp({ done }: { done: () => void }) {
  const { t } = useSpeech()
  const token = location.hash.slice(1)
  const [reason, setReason] = useState<string | undefined>(token ? undefined : 'link-incomplete')
  const [busy, setBusy] = useState(false)
  const isOver = reason === 'link-used' || reason === 'link-too-old' || reason === 'link-unknown'

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const [name, email, password] = ['name', 'email', 'password'].map(key => String(form.get(key)))
    setBusy(true)
    setReason(undefined)
    try {
      await ask('POST', '/api/setup', { token, email, password, ...(name?.trim() ? { name } : {}) })
      await ask('POST', '/api/sessions', { email, password }).catch(() => {})
      done()
    } catch (error) {
      setReason(reasonOf(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form class="sign-in" onSubmit={submit}>
      <h2>{t('setUp')}</h2>
      <p>{t('setUpWhy')}</p>
      <label>
        {t('name')}
        <input name="name" autocomplete="name" maxLength={200} />
      </label>
      <label>
        {t('email')}
        <input name="email" type="email" autocomplete="username" required maxLength={254} />
      </label>
      <label>
        {t('password')}
        <input
          name="password"
          type="password"
          autocomplete="new-password"
          required
          minLength={12}
          maxLength={200}
          aria-describedby="password-hint"
        />
      </label>
      <p id="password-hint">{t('passwordHint')}</p>
      <Problem reason={reason} />
      <button type="submit" class="main" disabled={busy || !token || isOver}>
        {t('setUpDo')}
      </button>
      <button type="button" onClick={done}>
        {t('toSignIn')}
      </button>
    </form>
  )
}
