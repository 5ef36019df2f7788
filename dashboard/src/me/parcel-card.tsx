import type { OwnParcel, Profile } from '../../../schema/api/resident.ts'
import { useSpeech } from '../i18n/words.ts'
import { AlertForm } from './alert-form.tsx'
import { Code } from './code.tsx'
import { dayWords, deadlineWords } from './deadline-words.ts'
import { DelegatePart } from './delegate-part.tsx'
import { MoreTime } from './more-time.tsx'
import { placeOf } from './place.ts'
import { Qr } from './qr.tsx'

type Props = { parcel: OwnParcel; site: Profile['site']; changed: () => void; print: () => void }

/** One parcel that is not over yet: first what opens the door, then until when, then the rest. */
export function ParcelCard({ parcel, site, changed, print }: Props) {
  const speech = useSpeech()
  const { t, of } = speech
  const { code, door, carrier, state, heldUntil } = parcel
  const waits = state === 'waiting' || state === 'expired'
  return (
    <article class={`parcel look-${state === 'expired' ? 'overdue' : state}`}>
      <h3>
        {placeOf(parcel, speech)}
        {carrier && <small> · {t('me_from', { carrier })}</small>}
      </h3>
      {state === 'placing' && <p>{t('me_placing')}</p>}
      {state === 'contested' && <p>{t('me_contested')}</p>}
      {code && <Code code={code} label={digits => t('me_code', { n: door ?? '', digits })} />}
      {code && <p>{t('me_howTo')}</p>}
      {waits && door === null && <p>{t('me_counterDo')}</p>}
      {waits && <p class="deadline">{deadlineWords(parcel, { timeZone: site.timeZone, speech, now: new Date() })}</p>}
      {waits && heldUntil && <p>{t('me_held', { day: dayWords(`${heldUntil}T12:00:00Z`, site.timeZone, speech) })}</p>}
      {code && (
        <details>
          <summary>{t('me_qr')}</summary>
          <Qr text={code} label={t('me_qrAlt')} />
        </details>
      )}
      {waits && <MoreTime parcel={parcel} site={site} changed={changed} />}
      {code && <DelegatePart parcel={parcel} changed={changed} />}
      {state !== 'placing' && door !== null && <AlertForm parcelId={parcel.id} changed={changed} />}
      {code && (
        <button type="button" onClick={print}>
          {t('me_slip')}
        </button>
      )}
      <p class="about">
        {of('parcel', state)} · {t('receipt', { n: parcel.receipt })}
      </p>
    </article>
  )
}
