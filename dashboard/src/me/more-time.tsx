import { useState } from 'preact/hooks'
import type { OwnParcel, Profile } from '../../../schema/api/resident.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { dayWords } from './deadline-words.ts'

type Props = { parcel: OwnParcel; site: Profile['site']; changed: () => void }

/** One press for some days more; a day for a longer absence. */
export function MoreTime({ parcel, site, changed }: Props) {
  const speech = useSpeech()
  const { t } = speech
  const extend = useSend()
  const hold = useSend()
  const [until, setUntil] = useState<string>()
  const done = (answer: { deadlineAt: string } | undefined) => {
    if (!answer) return
    setUntil(answer.deadlineAt)
    changed()
  }

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const day = new FormData(event.currentTarget as HTMLFormElement).get('until')
    done(await hold.send(`/api/parcels/${parcel.id}/hold`, { until: day }))
  }

  return (
    <>
      {parcel.extensionsLeft > 0 && (
        <button type="button" onClick={async () => done(await extend.send(`/api/parcels/${parcel.id}/extend`))}>
          {t('me_extend', { n: site.extensionDays })} · {t('me_extendFree')}
        </button>
      )}
      <Problem reason={extend.problem} />
      {site.holdDays > 0 && (
        <details>
          <summary>{t('me_hold')}</summary>
          <form onSubmit={submit}>
            <label>
              {t('me_holdUntil')}
              <input type="date" name="until" required min={dayAhead(0)} max={dayAhead(site.holdDays)} />
            </label>
            <Problem reason={hold.problem} />
            <button type="submit" class="main">
              {t('me_holdDo')}
            </button>
          </form>
        </details>
      )}
      <p role="status">{until && t('me_extended', { day: dayWords(until, site.timeZone, speech) })}</p>
    </>
  )
}

const dayAhead = (days: number) => new Date(Date.now() + days * 24 * 3600_000).toISOString().slice(0, 10)
