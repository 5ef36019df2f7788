import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { OwnRoom, Slots, Span } from '../../../schema/api/rooms.ts'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { SpanChoice } from '../rooms/span-choice.tsx'
import { useSend } from '../send.ts'
import { clockIn, dayAfter, dayIn, spanFrom, startsIn } from '../times.ts'
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
  const { id, timeZone, aheadMs, longestMs } = room
  const today = dayIn(timeZone, new Date())
  const [day, setDay] = useState(today)
  const [slots, setSlots] = useState<Slots>()
  const [unread, setUnread] = useState<string>()
  const [span, setSpan] = useState<Span>()
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
        setSpan(spanFrom(startsIn(found)[0], found.free, longestMs))
      },
      error => !old && setUnread(reasonOf(error)),
    )
    return () => {
      old = true
    }
  }, [id, day, round])

  async function take(wanted: Span, form: HTMLFormElement) {
    setDone(false)
    const answer = await send(
      path,
      { ...wanted, ...more(new FormData(form)) },
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
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (span) void take(span, event.currentTarget as HTMLFormElement)
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
        {slots && !slots.closed && !span && t('bk_full')}
      </p>
      {slots && span && <SpanChoice room={room} offered={slots} span={span} choose={setSpan} />}
      <Problem reason={next ? 'taken' : (problem ?? unread)} />
      {next && next.length > 0 && (
        <fieldset class="card">
          <legend>{t('bk_next')}</legend>
          {next.map(each => (
            <button key={each.from} type="button" onClick={event => take(each, event.currentTarget.form!)}>
              {t('bk_span', {
                day: dayWords(each.from, timeZone, speech),
                from: clock(each.from),
                until: clock(each.until),
              })}
            </button>
          ))}
        </fieldset>
      )}
      {span && (
        <button type="submit" class="main" aria-busy={busy}>
          {act}
        </button>
      )}
      <p role="status">{isDone && said}</p>
    </form>
  )
}
