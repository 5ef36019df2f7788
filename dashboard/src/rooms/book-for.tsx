import { useState } from 'preact/hooks'
import type { RoomDay, Span } from '../../../schema/api/rooms.ts'
import { isolated, useSpeech } from '../i18n/words.ts'
import { MeansChoice } from '../me/means-choice.tsx'
import { Problem } from '../problem.tsx'
import { FindResident, type Resident } from '../residents/find-resident.tsx'
import { useSend } from '../send.ts'
import { spanFrom, startsIn } from '../times.ts'
import { SpanChoice } from './span-choice.tsx'

type Booked = { code?: string }
type Props = { of: RoomDay; changed: () => void }

/** For somebody at the counter or on the telephone: the code is told or printed. */
export function BookFor({ of: day, changed }: Props) {
  const { room, free } = day
  const { t } = useSpeech()
  const [found, setFound] = useState<Resident[]>()
  const [booked, setBooked] = useState<Booked>()
  const [chosen, setChosen] = useState<Span>()
  const { send, busy, problem } = useSend()

  // what was chosen may have been taken since
  const isFree = chosen && free.some(each => each.from <= chosen.from && chosen.until <= each.until)
  const span = isFree ? chosen : spanFrom(startsIn(day)[0], free, room.longestMs)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const body = { residentId: form.get('residentId'), means: form.get('means'), ...span }
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
                  {isolated(each.flat)} · {isolated(each.name)}
                </option>
              ))}
            </select>
          </label>
          {span ? <SpanChoice {...{ room, span }} offered={day} choose={setChosen} /> : <p>{t('bk_full')}</p>}
          <MeansChoice />
          <Problem reason={problem} />
          <button type="submit" class="main" aria-busy={busy} disabled={!span}>
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
