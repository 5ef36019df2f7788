import { useLayoutEffect, useRef } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'
import { Qr } from '../me/qr.tsx'
import { PrintOrLeave } from '../print-or-leave.tsx'

/** `pin`: told once */
export type Card = { name: string; flat: string; memberNumber: string; pin: string }

/** On paper: by what somebody signs in, and where. */
export function MemberCard({ card, leave }: { card: Card; leave: () => void }) {
  const { t } = useSpeech()
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  const address = `${location.origin}/me`
  const { memberNumber, pin } = card
  return (
    <section class="slip">
      <h2 ref={heading} tabIndex={-1}>
        {t('title')} · <bdi>{card.name}</bdi>
      </h2>
      <p>
        {t('re_flat')} <bdi>{card.flat}</bdi>
      </p>
      <dl class="card-facts">
        <dt>{t('me_memberNumber')}</dt>
        <dd>
          {memberNumber.slice(0, 4)} {memberNumber.slice(4)}
        </dd>
        <dt>{t('me_pin')}</dt>
        <dd class="pin">{pin}</dd>
      </dl>
      <p>{t('re_cardWhere', { address })}</p>
      <Qr text={address} label={t('re_cardQr', { address })} />
      <p class="not-on-paper warning">{t('re_cardOnce')}</p>
      <PrintOrLeave leave={leave} />
    </section>
  )
}
