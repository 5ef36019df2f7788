import { useEffect, useState } from 'preact/hooks'
import type { EntryCode as Entry } from '../../../schema/api/rooms.ts'
import { ask } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { clockIn } from '../times.ts'
import { Code } from './code.tsx'

const askAgainMs = 20_000
type Shown = Entry & { changesAt: number | null }

/** What opens the door of a room. A rotating code is asked for anew when it has changed: its secret stays at the server. */
export function EntryCode({ path, timeZone }: { path: string; timeZone: string }) {
  const { t, locale } = useSpeech()
  const [entry, setEntry] = useState<Shown>()
  const [round, setRound] = useState(0)

  useEffect(() => {
    let left = false
    let timer: ReturnType<typeof setTimeout>
    const again = (ms: number) => {
      if (!left) timer = setTimeout(() => setRound(n => n + 1), ms)
    }
    ask<Entry>('GET', path).then(
      found => {
        if (left) return
        const { validForMs } = found
        // by the device's own running clock: what it shows as the hour may be wrong
        setEntry({ ...found, changesAt: validForMs === null ? null : performance.now() + validForMs })
        if (validForMs !== null) again(validForMs)
        else if (found.code === null) again(askAgainMs)
      },
      () => again(askAgainMs),
    )
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [path, round])

  if (!entry) return null
  const time = clockIn(timeZone, locale, entry.opensAt)
  if (entry.means === 'badge') return <p>{t('bk_badge', { time })}</p>
  if (entry.code === null) return <p>{t('bk_codeLater', { time })}</p>
  return (
    <>
      <Code code={entry.code} label={digits => t('bk_code', { digits })} />
      {entry.changesAt !== null && <SecondsLeft until={entry.changesAt} />}
      <p>{t('bk_opens', { time })}</p>
    </>
  )
}

const periodS = 30

/** Seen, not said: a screen reader would be told every second. */
function SecondsLeft({ until }: { until: number }) {
  const { t } = useSpeech()
  const leftNow = () => Math.max(0, Math.ceil((until - performance.now()) / 1000))
  const [left, setLeft] = useState(leftNow)
  useEffect(() => {
    setLeft(leftNow())
    const timer = setInterval(() => setLeft(leftNow()), 1000)
    return () => clearInterval(timer)
  }, [until])
  return (
    <p class="seconds-left" aria-hidden="true">
      <progress max={periodS} value={left} /> {t('bk_codeLeft', { n: left })}
    </p>
  )
}
