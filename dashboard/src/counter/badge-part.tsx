import { useState } from 'preact/hooks'
import type { CounterParcel } from '../../../schema/api/counter.ts'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'

type Props = { parcel: Pick<CounterParcel, 'id' | 'badge'>; changed: () => void }

/** For somebody without a telephone: a badge that opens the box of this parcel, and of no other. */
export function BadgePart({ parcel, changed }: Props) {
  const { t } = useSpeech()
  const { badge } = parcel
  const [gone, setGone] = useState(false)
  const [refused, setRefused] = useState<string>()
  const takeBack = (grantId: string) =>
    ask('DELETE', `/api/grants/${grantId}`).then(
      () => {
        setGone(true)
        changed()
      },
      error => setRefused(reasonOf(error)),
    )
  return (
    <>
      <p role="status">{gone && !badge && t('bg_gone')}</p>
      {!badge && <NewBadge parcelId={parcel.id} done={changed} />}
      {badge && <p>{t(badge.bankKnows ? 'bg_works' : 'bg_soon')}</p>}
      {badge && (
        <button type="button" onClick={() => takeBack(badge.grantId)}>
          {t('bg_takeBack')}
        </button>
      )}
      <Problem reason={refused} />
    </>
  )
}

/** A reader at the counter types like a keyboard: the UID as hex, with or without colons, and Enter. */
function NewBadge({ parcelId, done }: { parcelId: string; done: () => void }) {
  const { t } = useSpeech()
  const { send, busy, problem } = useSend()
  const [isOdd, setOdd] = useState(false)
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const badge = String(new FormData(form).get('badge')).replace(/[\s:-]/g, '')
    const isUid = /^[0-9a-f]{8,20}$/i.test(badge)
    setOdd(!isUid)
    if (isUid && (await send(`/api/parcels/${parcelId}/badge`, { badge }))) done()
  }
  return (
    <form onSubmit={submit}>
      <p>{t('bg_why')}</p>
      <label>
        {t('bg_uid')}
        <input name="badge" required maxLength={40} autocomplete="off" spellcheck={false} aria-describedby="uid-hint" />
      </label>
      <small id="uid-hint">{t('bg_uidHint')}</small>
      <Problem reason={isOdd ? 'badge-odd' : problem} />
      <button type="submit" class="main" aria-busy={busy}>
        {t('bg_give')}
      </button>
    </form>
  )
}
