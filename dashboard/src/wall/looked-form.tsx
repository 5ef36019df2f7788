import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'

const choices = ['empty', 'parcel', 'something-else'] as const

export function LookedForm({ doorId }: { doorId: string }) {
  const { t } = useSpeech()
  const { send, busy, problem } = useSend()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const reason = String(form.get('reason') ?? '')
    await send(`/api/doors/${doorId}/looked`, { found: form.get('found'), ...(reason ? { reason } : {}) })
  }

  return (
    <form onSubmit={submit}>
      <fieldset>
        <legend>{t('looked')}</legend>
        <label>
          {t('found')}{' '}
          <select name="found">
            {choices.map(found => (
              <option key={found} value={found}>
                {t(`found_${found}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('reason')}
          <input name="reason" maxLength={500} />
        </label>
        <Problem reason={problem} />
        <button type="submit" aria-busy={busy}>
          {t('save')}
        </button>
      </fieldset>
    </form>
  )
}
