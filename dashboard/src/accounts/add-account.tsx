import { useState } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'
import type { Site } from '../pages.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { AccountFields, accountIn } from './account-fields.tsx'
import { madePassword } from './made-password.ts'
import type { Card } from './password-card.tsx'

/** Somebody who starts to work here; their card with the first password is shown once. */
export function AddAccount({ sites, show }: { sites: Site[]; show: (card: Card) => void }) {
  const { t } = useSpeech()
  const { send, busy, problem, field } = useSend()
  // the same one goes again after a lost answer
  const [password] = useState(madePassword)
  const isWrong = field === 'email'

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const about = accountIn(form)
    const email = String(new FormData(form).get('email')).trim()
    if (await send('/api/accounts', { email, password, ...about })) show({ name: about.name, email, password })
  }

  return (
    <form class="panel" aria-label={t('as_add')} onSubmit={submit}>
      <label>
        {t('email')}
        <input
          name="email"
          type="email"
          required
          maxLength={254}
          autocomplete="off"
          aria-invalid={isWrong || undefined}
          aria-describedby="account-email"
        />
        <small id="account-email" class={isWrong ? 'problem' : ''} role={isWrong ? 'alert' : undefined}>
          {t(!isWrong ? 'as_emailHint' : problem === 'already-there' ? 'as_emailTaken' : 're_wrong_email')}
        </small>
      </label>
      <AccountFields sites={sites} />
      <p class="about">{t('as_passwordMade')}</p>
      <Problem reason={isWrong ? undefined : problem} />
      <button type="submit" class="main" aria-busy={busy}>
        {t('as_addDo')}
      </button>
    </form>
  )
}
