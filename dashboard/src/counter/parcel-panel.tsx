import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { CounterParcel } from '../../../schema/api/counter.ts'
import { useSpeech } from '../i18n/words.ts'
import type { SlipParcel } from '../me/slip.tsx'
import { useMay } from '../role.ts'
import type { Wall } from '../state.ts'
import { OrderSteps } from '../wall/order-steps.tsx'
import { ParcelTimeline } from '../wall/parcel-timeline.tsx'
import { ActForm } from './act-form.tsx'
import { BadgePart } from './badge-part.tsx'
import { CorrectForm } from './correct-form.tsx'
import { HandOver } from './hand-over.tsx'
import { placeOf } from './place.ts'
import { ReassignForm } from './reassign-form.tsx'
import { useParcels } from './use-parcels.ts'

type Props = {
  found: CounterParcel
  siteId: string
  wall: Wall
  print: (slip: SlipParcel) => void
  leave: () => void
  changed: () => void
}

/** What can be done about one parcel: what is asked most at a counter comes first. */
export function ParcelPanel({ found, siteId, wall, print, leave, changed }: Props) {
  const { t, of } = useSpeech()
  const may = useMay()
  const heading = useRef<HTMLHeadingElement>(null)
  const [orderId, setOrderId] = useState<string>()
  const [code, setCode] = useState<string>()
  const [isDone, setIsDone] = useState(false)
  useLayoutEffect(() => heading.current?.focus(), [])
  const [times, setTimes] = useState(0)
  // also when it no longer is what was looked for
  const touch = `${wall.parcelTouches[found.id] ?? 0}/${times}`
  const { parcels } = useParcels({ siteId, q: found.receipt, ended: true, touch })
  const parcel = parcels?.find(each => each.id === found.id) ?? found
  const bank = wall.controllers.find(each => each.id === parcel.controllerId)?.name ?? parcel.controllerId
  const waits = parcel.state === 'waiting' || parcel.state === 'expired'
  const path = (what: string) => `/api/parcels/${parcel.id}/${what}`
  const did = () => {
    setTimes(times + 1)
    changed()
  }
  const done = () => {
    setIsDone(true)
    // it may be another one's now
    setCode(undefined)
    did()
  }
  const showCode = (answer: { code: string }) => {
    setCode(answer.code)
    did()
  }

  return (
    <aside class="panel" aria-label={t('parcel', { n: parcel.receipt })} onKeyDown={e => e.key === 'Escape' && leave()}>
      <h2 ref={heading} tabIndex={-1}>
        {t('parcel', { n: parcel.receipt })}
      </h2>
      <p>
        {of('parcel', parcel.state)} · {placeOf(parcel, t)} · {t('flat', { flat: parcel.flat })}
      </p>
      <p role="status">{isDone && t('done')}</p>
      {orderId && <OrderSteps orderId={orderId} heard={wall.orders[orderId]} />}
      {code && (
        <p class="code" aria-label={t('codeIs', { code: [...code].join(' ') })} role="status">
          {code.slice(0, 4)} {code.slice(4)}
        </p>
      )}
      {code && (
        <button type="button" onClick={() => print({ ...parcel, bank, code })}>
          {t('printSlip')}
        </button>
      )}
      {waits && parcel.door === null && (
        <>
          <HandOver to="resident" path={path('hand-over')} done={done} />
          <HandOver to="carrier" path={path('hand-over')} done={done} />
          <Act title={t('extend')}>
            <ActForm path={path('extend')} act={t('extend')} done={done} />
          </Act>
        </>
      )}
      {waits && parcel.door !== null && (
        <>
          <Act title={t('collectFor')}>
            <p>{t('collectForWhy')}</p>
            <ActForm<{ orderId: string }>
              path={path('collect-for')}
              act={t('openForPerson')}
              done={answer => setOrderId(answer.orderId)}
            />
          </Act>
          {may('decide') && (
            <>
              <Act title={t('showCode')}>
                <ActForm path={path('code')} act={t('showCode')} done={showCode} />
              </Act>
              <Act title={t('newCode')}>
                <p>{t('newCodeWhy')}</p>
                <ActForm path={path('new-code')} act={t('newCode')} done={showCode} />
              </Act>
              <Act title={t('bg_title')}>
                <BadgePart parcel={parcel} changed={did} />
              </Act>
            </>
          )}
          <Act title={t('extend')}>
            <ActForm path={path('extend')} act={t('extend')} done={done} />
          </Act>
          {may('decide') && (
            <Act title={t('reassign')}>
              <ReassignForm siteId={siteId} path={path('reassign')} done={done} />
            </Act>
          )}
        </>
      )}
      {may('decide') && parcel.state !== 'placing' && parcel.door !== null && (
        <Act title={t('correct')}>
          <CorrectForm key={parcel.state} state={parcel.state} path={path('correct')} done={done} />
        </Act>
      )}
      <ParcelTimeline parcelId={parcel.id} touch={`${touch}/${parcel.state}`} />
      <button type="button" onClick={leave}>
        {t('close')}
      </button>
    </aside>
  )
}

const Act = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <details name="act">
    <summary>{title}</summary>
    {children}
  </details>
)
