import { useLayoutEffect, useRef } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'
import { CopyButton } from './copy-button.tsx'

/** Shown once, to be kept on paper. */
export function RecoveryCodes({ codes, email, leave }: { codes: string[]; email: string; leave: () => void }) {
  const { t } = useSpeech()
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  return (
    <section class="slip">
      <h2 ref={heading} tabIndex={-1}>
        {t('ac_codes')}
      </h2>
      <p class="warning not-on-paper">{t('ac_codesOnce')}</p>
      <p>
        {location.host} · <bdi>{email}</bdi>
      </p>
      <ol class="recovery-codes">
        {codes.map(code => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <p>{t('ac_codesWhat')}</p>
      <div class="not-on-paper">
        <button type="button" class="main" onClick={() => print()}>
          {t('me_slip')}
        </button>
        <CopyButton text={codes.join('\n')} />
        <button type="button" onClick={leave}>
          {t('ct_kept')}
        </button>
      </div>
    </section>
  )
}
