import { useState } from 'preact/hooks'
import type { Profile } from '../../../schema/api/resident.ts'
import { languages, useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'

const ways = ['email', 'sms', 'voice'] as const

export function SettingsForm({ profile, changed }: { profile: Profile; changed: () => void }) {
  const { t } = useSpeech()
  const needs = useSend()
  const contact = useSend()
  const [saved, setSaved] = useState(false)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setSaved(false)
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const text = (name: string) => String(form.get(name) ?? '').trim() || undefined
    const told = {
      email: text('email'),
      phone: text('phone'),
      language: text('language'),
      tellBy: form.getAll('tellBy'),
    }
    const low = form.get('low') !== null
    if (!(await needs.send('/api/me/needs', { needsLowDoor: low }))) return
    if (!(await contact.send(`/api/residents/${profile.id}/contact`, told))) return
    setSaved(true)
    changed()
  }

  return (
    <details class="panel settings">
      <summary>{t('me_settings')}</summary>
      <form onSubmit={submit}>
        <label class="choice">
          <input type="checkbox" name="low" defaultChecked={profile.needsLowDoor} aria-describedby="low-why" />{' '}
          {t('me_low')}
        </label>
        <small id="low-why">{t('me_lowWhy')}</small>
        <fieldset>
          <legend>{t('me_tell')}</legend>
          {ways.map(way => (
            <label key={way} class="choice">
              <input type="checkbox" name="tellBy" value={way} defaultChecked={profile.tellBy.includes(way)} />{' '}
              {t(`me_tell_${way}`)}
            </label>
          ))}
        </fieldset>
        <label>
          {t('email')}
          <input name="email" type="email" autocomplete="email" maxLength={254} defaultValue={profile.email ?? ''} />
        </label>
        <label>
          {t('me_phone')}
          <input name="phone" type="tel" autocomplete="tel" maxLength={30} defaultValue={profile.phone ?? ''} />
        </label>
        <label>
          {t('me_tellLanguage')}
          <select name="language">
            {Object.entries(languages).map(([key, { name }]) => (
              <option key={key} value={key} selected={key === (profile.language ?? 'fr')}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Problem reason={needs.problem ?? contact.problem} />
        <button type="submit" class="main">
          {t('save')}
        </button>
        <p role="status">{saved && t('me_saved')}</p>
      </form>
    </details>
  )
}
