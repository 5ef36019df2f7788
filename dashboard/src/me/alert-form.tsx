import { useState } from 'preact/hooks'
import type { AlertKind } from '../../../schema/api/alerts.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'

const kinds: AlertKind[] = ['door-shut', 'not-mine', 'damaged']

export function AlertForm({ parcelId, changed }: { parcelId: string; changed: () => void }) {
  const { t } = useSpeech()
  const { send, problem } = useSend()
  const [said, setSaid] = useState<AlertKind>()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const kind = form.get('kind') as AlertKind
    const says = String(form.get('says')).trim()
    if (!(await send(`/api/parcels/${parcelId}/alert`, { kind, ...(says ? { says } : {}) }))) return
    setSaid(kind)
    changed()
  }

  return (
    <details>
      <summary>{t('me_alert')}</summary>
      <form onSubmit={submit}>
        <fieldset>
          <legend>{t('me_alertKind')}</legend>
          {kinds.map(kind => (
            <label key={kind} class="choice">
              <input type="radio" name="kind" value={kind} required /> {t(`me_alert_${kind}`)}
            </label>
          ))}
        </fieldset>
        <label>
          {t('me_alertSays')}
          <input name="says" maxLength={500} />
        </label>
        <Problem reason={problem} />
        <button type="submit" class="main">
          {t('me_alertDo')}
        </button>
      </form>
      <p role="status">{said && t(said === 'not-mine' ? 'me_alerted_contested' : 'me_alerted')}</p>
    </details>
  )
}
