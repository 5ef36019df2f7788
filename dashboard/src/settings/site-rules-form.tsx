import { useEffect, useState } from 'preact/hooks'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { weekdayName, weekdays } from './week.ts'

type Rules = {
  deadlineDays: number
  extensions: number
  extensionDays: number
  holdDays: number
  closedWeekdays: number[]
  closedDays: string[]
  holidays: 'none' | 'FR'
  quietFrom: string
  quietUntil: string
}

const counts = [
  ['deadlineDays', 1, 60],
  ['extensions', 0, 10],
  ['extensionDays', 1, 60],
  ['holdDays', 0, 90],
] as const

/** How long parcels wait here, on which days nobody can collect, and when nobody is woken. */
export function SiteRulesForm({ siteId }: { siteId: string }) {
  const { t, locale } = useSpeech()
  const { send, busy, problem, field } = useSend()
  const [rules, setRules] = useState<Rules>()
  const [unread, setUnread] = useState<string>()
  const [isSaved, setIsSaved] = useState(false)
  const path = `/api/sites/${siteId}/rules`
  useEffect(() => void ask<Rules>('GET', path).then(setRules, error => setUnread(reasonOf(error))), [path])

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setIsSaved(false)
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const days = String(form.get('closedDays') ?? '').split(/[\s,;]+/)
    const answer = await send<Rules>(path, {
      ...Object.fromEntries(counts.map(([name]) => [name, Number(form.get(name))])),
      closedWeekdays: form.getAll('closedWeekdays').map(Number),
      closedDays: days.filter(Boolean),
      holidays: form.get('holidays'),
      quietFrom: form.get('quietFrom'),
      quietUntil: form.get('quietUntil'),
    })
    if (!answer) return
    setRules(answer)
    setIsSaved(true)
  }

  if (!rules) return <Problem reason={unread} />
  const isDayWrong = field?.startsWith('closedDays') ?? false
  return (
    <form class="panel" aria-label={t('se_part_rules')} onSubmit={submit}>
      {counts.map(([name, min, max]) => (
        <label key={name}>
          {t(`se_${name}`)}
          <input name={name} type="number" required {...{ min, max }} defaultValue={String(rules[name])} />
        </label>
      ))}
      <fieldset>
        <legend>{t('se_closedWeekdays')}</legend>
        {weekdays.map(weekday => (
          <label key={weekday} class="choice">
            <input
              type="checkbox"
              name="closedWeekdays"
              value={weekday}
              defaultChecked={rules.closedWeekdays.includes(weekday)}
            />{' '}
            {weekdayName(weekday, locale)}
          </label>
        ))}
      </fieldset>
      <label>
        {t('se_holidays')}
        <select name="holidays">
          <option value="FR">{t('se_holidays_FR')}</option>
          <option value="none" selected={rules.holidays === 'none'}>
            {t('se_holidays_none')}
          </option>
        </select>
      </label>
      <label>
        {t('se_closedDays')}
        <textarea name="closedDays" rows={3} defaultValue={rules.closedDays.join('\n')} aria-invalid={isDayWrong} />
        <small class={isDayWrong ? 'problem' : ''}>{t('se_closedDaysHint')}</small>
      </label>
      <fieldset>
        <legend>{t('se_quiet')}</legend>
        <div class="row">
          <label>
            {t('bk_from')}
            <input name="quietFrom" type="time" required defaultValue={rules.quietFrom} />
          </label>
          <label>
            {t('bk_until')}
            <input name="quietUntil" type="time" required defaultValue={rules.quietUntil} />
          </label>
        </div>
        <small>{t('se_quietHint')}</small>
      </fieldset>
      <p class="about">{t('se_rulesWhy')}</p>
      <Problem reason={problem} />
      <button type="submit" class="main" aria-busy={busy}>
        {t('save')}
      </button>
      <p role="status">{isSaved && t('me_saved')}</p>
    </form>
  )
}
