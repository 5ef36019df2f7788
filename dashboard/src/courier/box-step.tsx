import { useState } from 'preact/hooks'
import type { ParcelNow, Placing } from '../../../schema/api/courier.ts'
import type { ParcelView } from '../../../schema/api/timeline.ts'
import { ask } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { StepTitle } from './step-title.tsx'
import { type Left, type Size, type Step, sizes } from './steps.ts'
import { useOrder } from './use-order.ts'

type Box = Extract<Step, { at: 'box' }>
type Props = { step: Box; go: (step: Step) => void; home: () => void }

/** The open box: put in and shut, or not here. */
export function BoxStep({ step, go, home }: Props) {
  const { t } = useSpeech()
  const { send, problem } = useSend()
  const [swapping, setSwapping] = useState(false)
  const [isEmpty, setEmpty] = useState(false)
  const { placing, whom, size, tracking } = step
  const { id, door } = placing
  const order = useOrder(placing.orderId)
  const path = (what: string) => `/api/parcels/${id}/${what}`

  // ended meanwhile: by time, or by the same tap whose answer was lost
  const ended = async () => {
    const { state, receipt } = await ask<ParcelView>('GET', `/api/parcels/${id}`)
    if (state === 'cancelled') home()
    else go({ at: 'done', receipt, whom, contested: state === 'contested' })
  }
  const over = { 'not-found': home, 'not-placing': ended }

  async function placed() {
    const now = await send<ParcelNow>(path('placed'), {}, over)
    if (now) go({ at: 'done', receipt: now.receipt, whom, contested: now.state === 'contested' })
  }
  const cancel = async () => (await send<ParcelNow>(path('cancel'), {}, over)) && home()
  async function swap(to: Size, found: 'empty' | 'something' | undefined) {
    const about = { size: to, ...(found ? { found } : {}) }
    const other = await send<Placing>(path('swap'), about, {
      ...over,
      'none-free': ({ details }) => go({ at: 'none-free', size: to, whom, tracking, left: details as Left }),
    })
    if (!other) return
    setSwapping(false)
    setEmpty(false)
    go({ ...step, placing: other, size: to, beside: false })
  }

  return (
    <section>
      <StepTitle>{t(order === 'opening' ? 'boxOpening' : 'boxOpen', { n: door })}</StepTitle>
      <p class="box-number" aria-hidden="true">
        {door}
      </p>
      <p role="status" class="notice">
        {order === 'open' && t('putInAndShut', { flat: whom.flat })}
        {order === 'refused' && t('boxRefused')}
        {order === 'no-answer' && t('boxNoAnswer')}
        {order === 'no-link' && t('error_link')}
      </p>
      {placing.unchecked && order === 'open' && (
        <div class="card">
          <p>{t('isItEmpty')}</p>
          <button type="button" onClick={() => swap(size, 'something')}>
            {t('somethingInside')}
          </button>
        </div>
      )}
      <Problem reason={problem} />
      <button type="button" class="main wide" disabled={order !== 'open'} onClick={placed}>
        {t('deposited')}
      </button>
      {!swapping && (
        <button type="button" class="wide" onClick={() => setSwapping(true)}>
          {t(order === 'open' ? 'doesNotFit' : 'takeAnotherBox')}
        </button>
      )}
      {swapping && (
        <fieldset class="card">
          <legend>{t(order === 'open' ? 'whichSizeNow' : 'whichSize')}</legend>
          {order === 'open' && (
            <label class="choice">
              <input type="checkbox" checked={isEmpty} onChange={event => setEmpty(event.currentTarget.checked)} />
              {t('boxIsEmpty')}
            </label>
          )}
          <div class="row">
            {sizes.map(each => (
              <button key={each} type="button" onClick={() => swap(each, isEmpty ? 'empty' : undefined)}>
                {each}
              </button>
            ))}
          </div>
        </fieldset>
      )}
      <button type="button" class="wide" onClick={cancel}>
        {t('cancelDeposit')}
      </button>
    </section>
  )
}
