import { useState } from 'preact/hooks'
import type { Room } from '../../../schema/api/rooms.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { dayText, readDay, weekdayName, weekdays } from './week.ts'

type HoursNow = { outside: { id: string; from: string; until: string }[] }

/** Opening hours of each weekday, as one would write them on a door. */
export function HoursForm({ room, changed }: { room: Room; changed: () => void }) {
  const { t, count, locale } = useSpeech()
  const { send, busy, problem } = useSend()
  const [wrong, setWrong] = useState<number>()
  const [outside, setOutside] = useState<number>()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const days = weekdays.map(weekday => readDay(weekday, String(form.get(`day-${weekday}`) ?? '')))
    const bad = days.indexOf(undefined)
    setWrong(bad < 0 ? undefined : bad + 1)
    setOutside(undefined)
    if (bad >= 0) return
    const answer = await send<HoursNow>(`/api/rooms/${room.id}/hours`, { hours: days.flat() })
    if (!answer) return
    setOutside(answer.outside.length)
    changed()
  }

  return (
    <form aria-label={t('se_hours')} onSubmit={submit}>
      <p id={`hours-hint-${room.id}`}>{t('se_hoursHint')}</p>
      {weekdays.map(weekday => (
        <label key={weekday}>
          {weekdayName(weekday, locale)}
          <input
            name={`day-${weekday}`}
            defaultValue={dayText(room.hours, weekday)}
            maxLength={100}
            autocomplete="off"
            aria-describedby={`hours-hint-${room.id}`}
            aria-invalid={wrong === weekday}
          />
          {wrong === weekday && <small class="problem">{t('se_hoursWrong')}</small>}
        </label>
      ))}
      <Problem reason={problem} />
      <button type="submit" class="main" aria-busy={busy}>
        {t('se_hoursDo')}
      </button>
      <p role="status">
        {outside !== undefined && t('me_saved')} {!!outside && count('se_outside', outside)}
      </p>
    </form>
  )
}
