import { useState } from 'preact/hooks'
import type { OwnAccount, OwnSession } from '../../../schema/api/account.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useAnswer } from '../use-answer.ts'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SecondFactor } from './second-factor.tsx'
import { SecretsForm } from './secrets-form.tsx'
import { Sessions } from './sessions.tsx'

/** One's own account: how one signs in, and where one is. */
export function AccountPage() {
  const { t, of, count } = useSpeech()
  const [touch, setTouch] = useState(0)
  const [said, setSaid] = useState('')
  const [codes, setCodes] = useState<string[]>()
  const { answer: account, problem } = useAnswer<OwnAccount>('/api/account', String(touch))
  const { answer: sessions } = useAnswer<{ items: OwnSession[] }>('/api/account/sessions', String(touch))
  const changed = (words: string) => {
    setSaid(words)
    setTouch(touch + 1)
  }
  const show = (recoveryCodes: string[]) => {
    setCodes(recoveryCodes)
    changed('')
  }
  if (!account) return <Problem reason={problem} />
  const { email, name, role, secondFactor } = account
  if (codes) return <RecoveryCodes codes={codes} email={email} leave={() => setCodes(undefined)} />
  return (
    <div class="account">
      <h2>{t('ac_page')}</h2>
      <p>
        <bdi>{name}</bdi> · <bdi>{email}</bdi> · {of('role', role)}
      </p>
      <p role="status">{said}</p>
      <Problem reason={problem} />
      <SecondFactor of={secondFactor} show={show} changed={changed} />
      {sessions && <Sessions sessions={sessions.items} changed={changed} />}
      <section class="panel" aria-labelledby="password">
        <h2 id="password">{t('ac_changePassword')}</h2>
        <SecretsForm<{ ended: number }>
          path="/api/account/password"
          asks={['password', 'newPassword']}
          act={t('ac_changePasswordDo')}
          done={({ ended }) => changed(`${t('ac_passwordChanged')} ${ended > 0 ? count('ac_othersEnded', ended) : ''}`)}
        />
      </section>
    </div>
  )
}
