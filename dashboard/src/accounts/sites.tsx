import { useState } from 'preact/hooks'
import { languages, useSpeech } from '../i18n/words.ts'
import type { Site } from '../pages.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'

/** Where there are doors; a new one begins with no device and nobody but the landlords. */
export function Sites({ sites, changed }: { sites: Site[]; changed: () => void }) {
  const { t, language } = useSpeech()
  const { send, busy, problem, field } = useSend()
  const [said, setSaid] = useState('')
  const isWrong = field === 'timeZone'

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const typed = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]))
    if (!(await send('/api/sites', typed))) return
    form.reset()
    setSaid(t('as_siteMade', { name: typed.name ?? '' }))
    changed()
  }

  return (
    <div class="banks">
      <ul class="boxes">
        {sites.map(({ id, name, timeZone }) => (
          <li key={id}>
            <strong>
              <bdi>{name}</bdi>
            </strong>{' '}
            <small>{timeZone}</small>
          </li>
        ))}
      </ul>
      <p role="status">{said}</p>
      <form class="panel" aria-label={t('as_siteAdd')} onSubmit={submit}>
        <label>
          {t('as_siteName')}
          <input name="name" required maxLength={200} pattern=".*\S.*" autocomplete="off" />
        </label>
        <label>
          {t('as_siteLanguage')}
          <select name="language">
            {Object.entries(languages).map(([key, { name }]) => (
              <option key={key} value={key} selected={key === language}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('as_timeZone')}
          <input
            name="timeZone"
            list="time-zones"
            required
            maxLength={64}
            defaultValue={sites[0]?.timeZone ?? 'Europe/Paris'}
            aria-invalid={isWrong || undefined}
            aria-describedby="time-zone-hint"
          />
          <small id="time-zone-hint" class={isWrong ? 'problem' : ''}>
            {t('as_timeZoneHint')}
          </small>
        </label>
        <datalist id="time-zones">
          {Intl.supportedValuesOf('timeZone').map(each => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <Problem reason={problem} />
        <button type="submit" class="main" aria-busy={busy}>
          {t('as_siteAdd')}
        </button>
      </form>
    </div>
  )
}
