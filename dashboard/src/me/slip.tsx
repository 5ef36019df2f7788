import { useLayoutEffect, useRef } from 'preact/hooks'
import type { OwnParcel, Profile } from '../../../schema/api/resident.ts'
import { useSpeech } from '../i18n/words.ts'
import { PrintOrLeave } from '../print-or-leave.tsx'
import { Code } from './code.tsx'
import { deadlineWords } from './deadline-words.ts'
import { placeOf } from './place.ts'
import { Qr } from './qr.tsx'

export type SlipParcel = Pick<OwnParcel, 'bank' | 'door' | 'shelf' | 'code' | 'receipt' | 'deadlineAt' | 'state'>
type Props = { parcel: SlipParcel; site: Pick<Profile['site'], 'name' | 'timeZone'>; leave: () => void }

/** On paper: the digits, three lines of what to do, until when. Also what a neighbour or the counter prints for somebody. */
export function Slip({ parcel, site, leave }: Props) {
  const speech = useSpeech()
  const { t } = speech
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  const { timeZone, name } = site
  const place = placeOf(parcel, speech)
  const { code = '' } = parcel
  return (
    <section class="slip">
      <h2 ref={heading} tabIndex={-1}>
        <bdi>{name}</bdi> · {place}
      </h2>
      <Code code={code} label={digits => t('me_code', { n: parcel.door ?? '', digits })} />
      <p>{t('me_slip1', { place })}</p>
      <p>{t('me_slip2')}</p>
      <p>{t('me_slip3')}</p>
      <p class="deadline">{deadlineWords(parcel, { timeZone, speech, now: new Date() })}</p>
      <Qr text={code} label={t('me_qrAlt')} />
      <p class="about">
        {t('receipt', { n: parcel.receipt })} · {t('me_noMobile')}
      </p>
      <PrintOrLeave leave={leave} />
    </section>
  )
}
