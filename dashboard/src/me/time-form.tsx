import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { OwnRoom, Slots, Span } from '../../../schema/api/rooms.ts'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { clockIn, dayAfter, dayIn, endsAfter, startsIn } from '../times.ts'
import { dayWords } from './deadline-words.ts'

type Props = {
  room: OwnRoom
  path: string
  act: string
  /** members of the request beside the time, read when it is sent */
  more?: (form: FormData) => object
  /** what is said when it is done */
  said?: string
  done: () => void
  children?: ComponentChildren
}

/** A day, a start and an end, of what is free; whoever comes second is offered what is free next. */
export function TimeForm({ room, path, act, more = () => ({}), said, done, children }: Props) {
  const speech = useSpeech()
  const { t, locale } = speech
  const { id, timeZone, aheadMs } = room
  const today = dayIn(timeZone, new Date())
  const [day, setDay] = useState(today)
  const [slots, setSlots] = useState<Slots>()
  const [unread, setUnread] = useState<string>()
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const [next, setNext] = useState<Span[]>()
  const [isDone, setDone] = useState(false)
  const { send, busy, problem } = useSend()

  const [round, setRound] = useState(0)
  useEffect(() => {
    let old = false
    ask<Slots>('GET', `/api/me/rooms/${id}/slots?day=${day}`).then(
      found => {
        if (old) return
        setUnread(undefined)
        setSlots(found)
        startAt(startsIn(found.free, room.gridMs)[0] ?? '', found.free)
      },
      error => !old && setUnread(reasonOf(error)),
    )
    return () => {
      old = true
    }
  }, [id, day, round])

  const free = slots?.free ?? []
  const starts = startsIn(free, room.gridMs)
  const ends = from ? endsAfter(from, free, room) : []
  /** an hour, or what there is */
  function startAt(start: string, of: Span[]): void {
    setFrom(start)
    const hours = start ? endsAfter(start, of, room) : []
    setUntil(hours[3] ?? hours.at(-1) ?? '')
  }

  async function take(span: Span, form: HTMLFormElement) {
    setDone(false)
    const answer = await send(
      path,
      { ...span, ...more(new FormData(form)) },
      {
        taken: ({ details }) => {
          setNext((details as { next: Span[] }).next)
          setRound(n => n + 1)
        },
      },
    )
    if (!answer) return
    setNext(undefined)
    setDone(true)
    setRound(n => n + 1)
    done()
  }

  const clock = (iso: string) => clockIn(timeZone, locale, iso)
  const options = (times: string[]) =>
    times.map(each => (
      <option key={each} value={each}>
        {clock(each)}
      </option>
    ))
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        void take({ from, until }, event.currentTarget as HTMLFormElement)
      }}
    >
      {children}
      <label>
        {t('bk_day')}
        <input
          type="date"
          required
          value={day}
          min={today}
          max={dayAfter(today, Math.floor(aheadMs / 86_400_000))}
          onInput={event => event.currentTarget.value && setDay(event.currentTarget.value)}
        />
      </label>
      <p role="status">
        {slots?.closed && t(`bk_closed_${slots.closed}`)}
        {slots && !slots.closed && starts.length === 0 && t('bk_full')}
      </p>
      {starts.length > 0 && (
        <div class="row">
          <label>
            {t('bk_from')}
            <select value={from} onChange={event => startAt(event.currentTarget.value, free)}>
              {options(starts)}
            </select>
          </label>
          <label>
            {t('bk_until')}
            <select value={until} onChange={event => setUntil(event.currentTarget.value)}>
              {options(ends)}
            </select>
          </label>
        </div>
      )}
      <Problem reason={next ? 'taken' : (problem ?? unread)} />
      {next && next.length > 0 && (
        <fieldset class="card">
          <legend>{t('bk_next')}</legend>
          {next.map(span => (
            <button key={span.from} type="button" onClick={event => take(span, event.currentTarget.form!)}>
              {t('bk_span', {
                day: dayWords(span.from, timeZone, speech),
                from: clock(span.from),
                until: clock(span.until),
              })}
            </button>
          ))}
        </fieldset>
      )}
      {starts.length > 0 && (
        <button type="submit" class="main" aria-busy={busy}>
          {act}
        </button>
      )}
      <p role="status">{isDone && said}</p>
    </form>
  )
}
