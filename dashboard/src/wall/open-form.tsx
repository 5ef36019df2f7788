import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'

/** Opens with a reason. Each press that got an answer is a new order; pressed again after a lost one it is the same. */
export function OpenForm({ doorId, made, stale }: { doorId: string; made: (orderId: string) => void; stale: boolean }) {
  const { t } = useSpeech()
  const { send, problem } = useSend()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const reason = new FormData(event.currentTarget as HTMLFormElement).get('reason')
    const order = await send<{ orderId: string }>(`/api/doors/${doorId}/open`, { reason })
    if (order) made(order.orderId)
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
