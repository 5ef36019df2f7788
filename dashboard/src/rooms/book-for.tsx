import { useState } from 'preact/hooks'
import type { Room } from '../../../schema/api/rooms.ts'
import { useSpeech } from '../i18n/words.ts'
import { MeansChoice } from '../me/means-choice.tsx'
import { Problem } from '../problem.tsx'
import { FindResident, type Resident } from '../residents/find-resident.tsx'
import { useSend } from '../send.ts'
import { instantIn } from '../times.ts'

type Booked = { code?: string }
type Props = { room: Room; day: string; changed: () => void }

/** For somebody at the counter or on the telephone: the code is told or printed. */
export function BookFor({ room, day, changed }: Props) {
  const { t } = useSpeech()
  const [found, setFound] = useState<Resident[]>()
  const [booked, setBooked] = useState<Booked>()
  const { send, busy, problem } = useSend()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const at = (name: string) => instantIn(room.timeZone, day, String(form.get(name))).toISOString()
    const body = { residentId: form.get('residentId'), from: at('from'), until: at('until'), means: form.get('means') }
    const answer = await send<Booked>(`/api/rooms/${room.id}/bookings`, body)
    if (!answer) return
    setBooked(answer)
    changed()
  }

  return (
    <details class="panel">
      <summary>{t('rm_bookFor')}</summary>
      <FindResident siteId={room.siteId} label={t('rm_bookFor')} found={setFound} />
      {found && found.length > 0 && (
        <form onSubmit={submit}>
          <label>
            {t('resident')}
            <select name="residentId">
              {found.map(each => (
                <option key={each.id} value={each.id}>
                  {each.flat} · {each.name}
                </option>
              ))}
            </select>
          </label>
          <div class="row">
            {(['from', 'until'] as const).map(name => (
              <label key={name}>
                {t(`bk_${name}`)}
                <input name={name} type="time" required step={900} />
              </label>
            ))}
          </div>
          <MeansChoice />
          <Problem reason={problem} />
          <button type="submit" class="main" aria-busy={busy}>
            {t('bk_bookDo')}
          </button>
        </form>
      )}
      <p role="status">
        {booked &&
          (booked.code
            ? t('rm_booked', { code: `${booked.code.slice(0, 4)} ${booked.code.slice(4)}` })
            : t('rm_bookedShown'))}
      </p>
    </details>
  )
}
