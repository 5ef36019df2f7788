import { useRef, useState } from 'preact/hooks'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { newKey } from '../send.ts'

/** Opens with a reason. Each press is a new order; a press sent twice by a bad link is one. */
export function OpenForm({ doorId, made, stale }: { doorId: string; made: (orderId: string) => void; stale: boolean }) {
  const { t } = useSpeech()
  const [problem, setProblem] = useState<string>()
  const busy = useRef(false)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    if (busy.current) return
    busy.current = true
    setProblem(undefined)
    const reason = new FormData(event.currentTarget as HTMLFormElement).get('reason')
    try {
      made((await ask<{ orderId: string }>('POST', `/api/doors/${doorId}/open`, { reason }, newKey())).orderId)
    } catch (error) {
      setProblem(reasonOf(error))
    } finally {
      busy.current = false
    }
  }

  return (
    <form onSubmit={submit}>
      <label>
        {t('reason')}
        <input name="reason" required maxLength={500} aria-describedby="reason-hint" />
      </label>
      <small id="reason-hint">{t('reasonHint')}</small>
      <Problem reason={problem} />
      <button type="submit" class="main" disabled={stale}>
        {t('openDoor')}
      </button>
    </form>
  )
}
