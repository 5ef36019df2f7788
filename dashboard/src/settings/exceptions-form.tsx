import type { Room } from '../../../schema/api/rooms.ts'
import { useSpeech } from '../i18n/words.ts'
import { dayWords } from '../me/deadline-words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { isAllDay } from './week.ts'

/** Days that are not as their weekday. */
export function ExceptionsForm({ room, changed }: { room: Room; changed: () => void }) {
  const speech = useSpeech()
  const { t } = speech
  const { send, busy, problem } = useSend()
  const path = `/api/rooms/${room.id}/exceptions`

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const filled = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''))
    const { from, until, ...day } = filled
    // both or none: closed
    const body = from && until ? { ...day, is: 'open', from, until } : { ...day, is: 'closed' }
    if (!(await send(path, body))) return
    form.reset()
    changed()
  }
  const back = async (day: string) => {
    if (await send(path, { day, is: 'as-usual' })) changed()
  }

  return (
    <>
      <ul class="day-list">
        {room.exceptions.map(({ day, from, until, reason }) => (
          <li key={day}>
            <strong>{dayWords(`${day}T12:00:00Z`, 'UTC', speech)}</strong> ·{' '}
            {!from || !until ? t('se_closed') : isAllDay({ from, until }) ? t('se_allDay') : `${from}–${until}`}{' '}
            <bdi>{reason}</bdi>{' '}
            <button type="button" onClick={() => back(day)}>
              {t('se_asUsual')}
            </button>
          </li>
        ))}
      </ul>
      <form aria-label={t('se_exception')} onSubmit={submit}>
        <label>
          {t('bk_day')}
          <input name="day" type="date" required />
        </label>
        <div class="row">
          <label>
            {t('bk_from')}
            <input name="from" type="time" />
          </label>
          <label>
            {t('bk_until')}
            <input name="until" type="time" />
          </label>
        </div>
        <small>{t('se_exceptionHint')}</small>
        <label>
          {t('reason')}
          <input name="reason" maxLength={500} />
        </label>
        <Problem reason={problem} />
        <button type="submit" class="main" aria-busy={busy}>
          {t('se_exceptionDo')}
        </button>
      </form>
    </>
  )
}
