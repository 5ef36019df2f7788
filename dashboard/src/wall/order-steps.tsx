import { useEffect, useState } from 'preact/hooks'
import type { OrderView } from '../../../schema/api/live.ts'
import { ask } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'

/** Asked, accepted, bolt, door: three facts of the device, each shown only when it was told. */
export function OrderSteps({ orderId, heard }: { orderId: string; heard: OrderView | undefined }) {
  const { t, of, moment } = useSpeech()
  const [asked, setAsked] = useState<OrderView>()
  useEffect(() => {
    setAsked(undefined)
    ask<OrderView>('GET', `/api/orders/${orderId}`).then(setAsked, () => {})
  }, [orderId])
  const order = heard ?? asked
  if (!order) return null
  const steps = [
    ['step_made', order.madeAt],
    ['step_accepted', order.acceptedAt],
    ['step_unlocked', order.unlockedAt],
    ['step_opened', order.openedAt],
  ] as const
  const reason = order.reason === null ? null : of('refused', order.reason)
  return (
    <section aria-live="polite">
      <h3>{t('order')}</h3>
      <ol class="steps">
        {steps.map(([word, at]) => (
          <li key={word} class={at ? 'done' : 'not-yet'}>
            <span aria-hidden="true">{at ? '✔' : '…'}</span> {t(word)} {at && <time dateTime={at}>{moment(at)}</time>}
          </li>
        ))}
      </ol>
      {reason && <p class="problem">{t(order.state === 'refused' ? 'order_refused' : 'order_copy', { reason })}</p>}
      {order.state === 'expired' && <p class="problem">{t('order_expired')}</p>}
    </section>
  )
}
