import { useLayoutEffect, useRef } from 'preact/hooks'
import { CopyButton } from '../account/copy-button.tsx'
import { useSpeech } from '../i18n/words.ts'
import { Qr } from '../me/qr.tsx'

export type Credentials = { id: string; password: string; codeKey: string }

/** Shown once: to copy into the device, or for it to read as a QR code. */
export function Secrets({ of, leave }: { of: Credentials; leave: () => void }) {
  const { t } = useSpeech()
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  const { id, password, codeKey } = of
  return (
    <section class="slip secrets">
      <h2 ref={heading} tabIndex={-1}>
        {t('ct_secrets', { id })}
      </h2>
      <p class="warning">{t('ct_once')}</p>
      <dl class="card-facts">
        <dt>{t('ct_id')}</dt>
        <dd>
          <Copied text={id} />
        </dd>
        <dt>{t('password')}</dt>
        <dd>
          <Copied text={password} />
        </dd>
        <dt>{t('ct_codeKey')}</dt>
        <dd>
          <Copied text={codeKey} />
        </dd>
      </dl>
      <Qr text={JSON.stringify({ id, password, codeKey })} label={t('ct_qr')} />
      <div class="not-on-paper">
        <button type="button" class="main" onClick={() => print()}>
          {t('me_slip')}
        </button>
        <button type="button" onClick={leave}>
          {t('ct_kept')}
        </button>
      </div>
    </section>
  )
}

function Copied({ text }: { text: string }) {
  const { t } = useSpeech()
  return (
    <>
      <code class="secret">{text}</code> <CopyButton text={text} label={t('ct_copyWhat', { text: text.slice(0, 8) })} />
    </>
  )
}
