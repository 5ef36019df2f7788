import { useLayoutEffect, useRef } from 'preact/hooks'
import { CopyButton } from '../account/copy-button.tsx'
import { useSpeech } from '../i18n/words.ts'

export type Card = { name: string; email: string; password: string }

/** For the person whose account it is; shown once. */
export function PasswordCard({ of: { name, email, password }, leave }: { of: Card; leave: () => void }) {
  const { t } = useSpeech()
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  return (
    <section class="slip">
      <h2 ref={heading} tabIndex={-1}>
        <bdi>{name}</bdi>
      </h2>
      <dl class="card-facts">
        <dt>{t('as_address')}</dt>
        <dd>{location.origin}</dd>
        <dt>{t('email')}</dt>
        <dd>
          <bdi>{email}</bdi>
        </dd>
        <dt>{t('password')}</dt>
        <dd>
          <code>{password}</code>
        </dd>
      </dl>
      <p>{t('as_cardThen')}</p>
      <p class="not-on-paper warning">{t('as_cardOnce')}</p>
      <div class="not-on-paper">
        <button type="button" class="main" onClick={() => print()}>
          {t('me_slip')}
        </button>
        <CopyButton text={password} />
        <button type="button" onClick={leave}>
          {t('ct_kept')}
        </button>
      </div>
    </section>
  )
}
