import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Bank, Placing, Recipient } from '../../../schema/api/courier.ts'
import { looksScanned } from '../../../schema/api/tracking.ts'
import { ask, Refused, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { StepTitle } from './step-title.tsx'
import { type Left, noneLeft, type Step, type Whom } from './steps.ts'
import { TrackingField } from './tracking-field.tsx'

type Props = {
  step: Extract<Step, { at: 'recipient' }>
  bank: Bank
  banks: Bank[]
  go: (step: Step) => void
  home: () => void
}
const typedMs = 250

/** Until when no more residents are shown, when that is why nobody was found. */
const enoughUntil = (error: unknown): string | undefined =>
  error instanceof Refused && error.reason === 'seen-enough' ? (error.details as { until: string }).until : undefined

const hourAndMinute = (iso: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(iso))

/**
 * For whom: flat or first letters. Who is found stands right below it, where the keyboard of a phone does not hide them. A
 * scanner types the label's number into whatever field has the focus.
 */
export function RecipientStep({ step, bank, banks, go, home }: Props) {
  const { t, locale } = useSpeech()
  const { send, problem } = useSend()
  const [q, setQ] = useState('')
  const [tracking, setTracking] = useState(step.tracking ?? '')
  // who was chosen for a size that was not free is not asked for again
  const before = step.whom && [{ ...step.whom, beside: null }]
  const [found, setFound] = useState<Recipient[] | undefined>(before)
  const [notFound, setNotFound] = useState<unknown>()
  const field = useRef<HTMLInputElement>(null)
  const { size, away } = step
  const seenUntil = enoughUntil(notFound)
  const { controllerId } = bank

  // before the browser hears the next key, a scanner is fast; and after the title, whose own focus is set first
  useLayoutEffect(() => field.current?.focus(), [])
  useEffect(() => {
    setFound(q === '' ? before : undefined)
    if (q.trim() === '' || looksScanned(q)) return
    // a slow answer to what was typed before is about somebody else
    let typedOn = false
    const timer = setTimeout(() => {
      const query = new URLSearchParams({ controllerId, q })
      ask<{ items: Recipient[] }>('GET', `/api/recipients?${query}`).then(
        ({ items }) => {
          if (typedOn) return
          setFound(items)
          setNotFound(undefined)
        },
        error => !typedOn && setNotFound(error),
      )
    }, typedMs)
    return () => {
      typedOn = true
      clearTimeout(timer)
    }
  }, [q, controllerId])

  // Enter ends a scan
  function entered(event: KeyboardEvent & { currentTarget: HTMLInputElement }) {
    const { value } = event.currentTarget
    if (event.key !== 'Enter' || !looksScanned(value)) return
    setTracking(value.trim())
    setQ('')
  }

  async function place(whom: Whom, join: boolean) {
    const { residentId } = whom
    const about = { controllerId, residentId, size, ...(tracking ? { tracking } : {}), ...(join ? { join } : {}) }
    const placing = await send<Placing>('/api/parcels', about, {
      'none-free': ({ details }) => go({ at: 'none-free', size, whom, tracking, left: details as Left }),
      'not-reachable': () => withoutBank(whom),
    })
    if (placing) go({ at: 'box', placing, whom, size, tracking, beside: join })
  }

  const withoutBank = (whom: Whom) => {
    const others = banks.filter(each => each.online && each.controllerId !== controllerId)
    const elsewhere = others.map(each => ({
      ...each,
      free: Object.fromEntries(each.sizes.map(({ size, free }) => [size, free])),
    }))
    go({ at: 'none-free', size, whom, tracking, away: true, left: { free: noneLeft, elsewhere } })
  }

  return (
    <section>
      <StepTitle>{away ? t('forWhomShelf') : t('forWhom', { size })}</StepTitle>
      <form onSubmit={event => event.preventDefault()} class="stacked">
        <label>
          {t('flatOrName')}
          <input
            ref={field}
            name="q"
            value={q}
            onInput={event => setQ(event.currentTarget.value)}
            onKeyDown={entered}
            autocomplete="off"
            maxLength={100}
            aria-describedby="who-hint"
          />
        </label>
        <small id="who-hint">{t('flatOrNameHint')}</small>
      </form>
      <Problem reason={problem ?? (notFound && !seenUntil ? reasonOf(notFound) : undefined)} />
      {seenUntil && (
        <p class="problem" role="alert">
          {t('cr_seenEnough', { time: hourAndMinute(seenUntil, locale) })}
        </p>
      )}
      <div aria-live="polite">{found?.length === 0 && <p class="notice">{t('nobodyFound')}</p>}</div>
      <ul class="big-choices">
        {found?.map(whom => (
          <li key={whom.residentId}>
            {whom.beside && !away && (
              <button type="button" onClick={() => place(whom, true)}>
                <strong>{t('flatOf', { flat: whom.flat })}</strong>
                <span>{whom.initials}</span>
                <span>{t('besideFirst', { n: whom.beside.door, size: whom.beside.size })}</span>
              </button>
            )}
            <button type="button" onClick={() => (away ? withoutBank(whom) : place(whom, false))}>
              <strong>{t('flatOf', { flat: whom.flat })}</strong>
              <span>{whom.initials}</span>
              {whom.beside && !away && <span>{t('anotherBox')}</span>}
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={event => event.preventDefault()} class="stacked">
        <TrackingField tracking={tracking} change={setTracking} scanned={() => field.current?.focus()} />
      </form>
      <button type="button" class="wide" onClick={home}>
        {t('back')}
      </button>
    </section>
  )
}
