import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Account } from '../../../schema/api/landlord.ts'
import { ActForm } from '../counter/act-form.tsx'
import { useSpeech } from '../i18n/words.ts'
import type { Site } from '../pages.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { AccountFields, accountIn } from './account-fields.tsx'
import { madePassword } from './made-password.ts'
import type { Card } from './password-card.tsx'

type Props = {
  account: Account
  sites: Site[]
  isOwn: boolean
  leave: () => void
  changed: (words: string) => void
  gone: (words: string) => void
  show: (card: Card) => void
}

/** One account: its name, role and sites; what to do when somebody forgot or lost something, or leaves. */
export function AccountPanel({ account, sites, isOwn, leave, changed, gone, show }: Props) {
  const { t } = useSpeech()
  const heading = useRef<HTMLHeadingElement>(null)
  const [password] = useState(madePassword)
  useLayoutEffect(() => heading.current?.focus(), [])
  const { id, name, email, secondFactor } = account
  const path = (what: string) => `/api/accounts/${id}/${what}`
  return (
    <aside class="panel" aria-label={name} onKeyDown={event => event.key === 'Escape' && leave()}>
      <h2 ref={heading} tabIndex={-1}>
        <bdi>{name}</bdi>
      </h2>
      <p>
        <bdi>{email}</bdi> · {t(secondFactor ? 'as_secondOn' : 'as_secondOff')}
      </p>
      <ChangeForm account={account} sites={sites} done={() => changed(t('me_saved'))} />
      {isOwn ? (
        <p>
          <a href="/account">{t('as_own')}</a>
        </p>
      ) : (
        <details>
          <summary>{t('as_forgot')}</summary>
          <p>{t('as_forgotWhy')}</p>
          <ActForm
            path={path('password')}
            act={t('as_forgotDo')}
            more={{ password }}
            done={() => show({ name, email, password })}
          />
        </details>
      )}
      {secondFactor && !isOwn && (
        <details>
          <summary>{t('as_lost')}</summary>
          <p>{t('as_lostWhy')}</p>
          <ActForm path={path('reset-second-factor')} act={t('as_lostDo')} done={() => changed(t('as_lostDone'))} />
        </details>
      )}
      <details>
        <summary>{t('as_close')}</summary>
        <p>{t('as_closeWhy')}</p>
        <ActForm path={path('close')} act={t('as_closeDo')} done={() => gone(t('as_closed', { name }))} />
      </details>
      <button type="button" onClick={leave}>
        {t('close')}
      </button>
    </aside>
  )
}

function ChangeForm({ account, sites, done }: { account: Account; sites: Site[]; done: () => void }) {
  const { t } = useSpeech()
  const { send, busy, problem } = useSend()
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const body = accountIn(event.currentTarget as HTMLFormElement)
    if (await send(`/api/accounts/${account.id}/change`, body)) done()
  }
  return (
    <form onSubmit={submit}>
      <AccountFields of={account} sites={sites} />
      <Problem reason={problem} />
      <button type="submit" class="main" aria-busy={busy}>
        {t('save')}
      </button>
    </form>
  )
}
