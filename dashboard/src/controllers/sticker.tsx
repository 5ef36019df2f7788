import { useLayoutEffect, useRef } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'
import { Qr } from '../me/qr.tsx'
import { PrintOrLeave } from '../print-or-leave.tsx'

export type OfBank = { id: string; name: string; siteId: string }

const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname)

/** To print and to stick on a bank: where its residents and its couriers find their pages. */
export function Sticker({ of, leave }: { of: OfBank; leave: () => void }) {
  const { t } = useSpeech()
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  const { id, name, siteId } = of
  const halves = [
    ['st_resident', 'st_residentDo', `/bank/${id}`],
    ['st_courier', 'st_courierDo', `/courier?${new URLSearchParams({ site: siteId, bank: id })}`],
  ] as const
  return (
    <section class="sticker">
      <h2 ref={heading} tabIndex={-1}>
        <bdi>{name}</bdi>
      </h2>
      {isLocal && <p class="warning not-on-paper">{t('st_local')}</p>}
      <div class="halves">
        {halves.map(([who, what, path]) => {
          const address = location.origin + path
          return (
            <div key={path} class="half">
              <h3>{t(who)}</h3>
              <p>{t(what)}</p>
              <Qr text={address} label={t('st_qr', { address })} />
              <small>{address}</small>
            </div>
          )
        })}
      </div>
      <PrintOrLeave leave={leave} />
    </section>
  )
}
