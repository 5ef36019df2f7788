import { useState } from 'preact/hooks'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'

const choices = ['empty', 'parcel', 'something-else'] as const

export function LookedForm({ doorId }: { doorId: string }) {
  const { t } = useSpeech()
  const [problem, setProblem] = useState<string>()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setProblem(undefined)
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const reason = String(form.get('reason') ?? '')
    const body = { found: form.get('found'), ...(reason ? { reason } : {}) }
    await ask('POST', `/api/doors/${doorId}/looked`, body).catch(error => setProblem(reasonOf(error)))
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
        <button type="submit">{t('save')}</button>
      </fieldset>
    </form>
  )
}
