import { useState } from 'preact/hooks'
import { ActForm } from '../counter/act-form.tsx'
import { useSpeech } from '../i18n/words.ts'

type Told = { orders: unknown[]; notReachable: unknown[] }
type Which = 'hold-open' | 'lock-down'
const minuteMs = 60_000

/** Every door of a room at once: an evacuation, an open day, a bad day. Ends by itself. */
export function SiteMode({ siteId }: { siteId: string }) {
  const { t, count } = useSpeech()
  const [told, setTold] = useState<Told>()
  const [minutes, setMinutes] = useState(60)
  const path = (what: string) => `/api/sites/${siteId}/${what}`
  const forTime = (what: Which, act: string) => (
    <ActForm<Told> key={what} path={path(what)} more={{ forMs: minutes * minuteMs }} act={act} done={setTold} />
  )
  return (
    <details class="panel">
      <summary>{t('rm_all')}</summary>
      <label>
        {t('rm_minutes')}
        <input
          type="number"
          required
          min={1}
          max={1440}
          value={minutes}
          onInput={event => setMinutes(event.currentTarget.valueAsNumber || 1)}
        />
      </label>
      <h3>{t('rm_hold')}</h3>
      {forTime('hold-open', t('rm_hold'))}
      <h3>{t('rm_lock')}</h3>
      {forTime('lock-down', t('rm_lock'))}
      <h3>{t('rm_normal')}</h3>
      <ActForm<Told> path={path('normal')} act={t('rm_normal')} done={setTold} />
      <p role="status">
        {told && count('rm_told', told.orders.length)}{' '}
        {told && told.notReachable.length > 0 && count('rm_notTold', told.notReachable.length)}
      </p>
    </details>
  )
}
