import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { OwnAccount, Secret } from '../../../schema/api/account.ts'
import { useSpeech } from '../i18n/words.ts'
import { Qr } from '../me/qr.tsx'
import { SecretsForm } from './secrets-form.tsx'

type Props = {
  of: OwnAccount['secondFactor']
  /** shown once */
  show: (recoveryCodes: string[]) => void
  /** what it is now is to be asked again, and this said */
  changed: (words: string) => void
}
type Told = { recoveryCodes: string[] }

/** A code of the telephone beside the password: begun, confirmed, its recovery codes, ended. */
export function SecondFactor({ of: { since, recoveryCodesLeft }, show, changed }: Props) {
  const { t, moment, count } = useSpeech()
  const [secret, setSecret] = useState<Secret>()
  const path = '/api/account/second-factor'
  // done, and the answer with the codes was lost on its way
  const lost = { 'already-shown': () => changed(t('ac_codesLost')) }
  if (since === null && secret) {
    const confirmed = ({ recoveryCodes }: Told) => show(recoveryCodes)
    return (
      <Enrolment secret={secret} leave={() => setSecret(undefined)}>
        <SecretsForm<Told>
          path={`${path}/confirm`}
          asks={['code']}
          act={t('ac_confirm')}
          done={confirmed}
          instead={lost}
        />
      </Enrolment>
    )
  }
  return (
    <section class="panel" aria-labelledby="second-factor">
      <h2 id="second-factor">{t('ac_second')}</h2>
      {since === null ? (
        <>
          <p>
            <strong>{t('ac_isOff')}</strong> {t('ac_secondWhy')}
          </p>
          <SecretsForm<Secret> path={path} asks={['password']} act={t('ac_begin')} done={setSecret} />
        </>
      ) : (
        <>
          <p>
            <strong>{t('ac_isOn', { time: moment(since) })}</strong>
          </p>
          <p class={recoveryCodesLeft < 3 ? 'warning' : ''}>{count('ac_left', recoveryCodesLeft)}</p>
          <details>
            <summary>{t('ac_newCodes')}</summary>
            <p>{t('ac_newCodesWhy')}</p>
            <SecretsForm<Told>
              path="/api/account/recovery-codes"
              asks={['password', 'otp']}
              act={t('ac_newCodesDo')}
              done={({ recoveryCodes }) => show(recoveryCodes)}
              instead={lost}
            />
          </details>
          <details>
            <summary>{t('ac_off')}</summary>
            <p>{t('ac_offWhy')}</p>
            <SecretsForm
              path={`${path}/off`}
              asks={['password', 'otp']}
              act={t('ac_offDo')}
              done={() => changed(t('ac_isOffNow'))}
            />
          </details>
        </>
      )}
    </section>
  )
}

type Steps = { secret: Secret; leave: () => void; children: preact.ComponentChildren }

/** Nothing is asked for at sign-in until the code is confirmed. */
function Enrolment({ secret: { secret, uri }, leave, children }: Steps) {
  const { t } = useSpeech()
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  return (
    <section class="panel" aria-labelledby="second-factor">
      <h2 id="second-factor" ref={heading} tabIndex={-1}>
        {t('ac_second')}
      </h2>
      <p>{t('ac_scan')}</p>
      <Qr text={uri} label={t('ac_qr')} />
      <p>
        {t('ac_typed')} <code class="secret">{secret.match(/.{1,4}/g)?.join(' ')}</code>
      </p>
      <p>{t('ac_then')}</p>
      {children}
      <button type="button" onClick={leave}>
        {t('ac_notNow')}
      </button>
    </section>
  )
}
