import '../statistics.css'
import { useEffect, useState } from 'preact/hooks'
import { type Statistics, statisticsTables } from '../../../schema/api/statistics.ts'
import { FileLink } from '../file-link.tsx'
import { useSpeech } from '../i18n/words.ts'
import type { Site } from '../pages.ts'
import { Problem } from '../problem.tsx'
import { dayAfter, dayIn } from '../times.ts'
import { useAnswer } from '../use-answer.ts'
import { addressOf, chosenIn } from './chosen.ts'
import { Collect, Faults, Fill, Refused, Ways } from './parts.tsx'

const parts = { fill: Fill, collect: Collect, refused: Refused, ways: Ways, faults: Faults }
const usualDays = 28

/** What the past of a site comes to: for each question one figure, a sentence, a chart and a table. */
export function StatisticsPage({ siteId, site }: { siteId: string; site: Site }) {
  const { t } = useSpeech()
  const today = dayIn(site.timeZone, new Date())
  const [chosen, setChosen] = useState(() => chosenIn(location.search))
  useEffect(() => history.replaceState(null, '', addressOf(chosen, siteId)), [chosen, siteId])
  const { from = dayAfter(today, 1 - usualDays), until = today, all } = chosen
  const question = new URLSearchParams({ from, until, ...(all ? {} : { siteId }) })
  const { answer: found, problem } = useAnswer<Statistics>(`/api/statistics?${question}`)

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const days = { from: String(form.get('from')), until: String(form.get('until')) }
    const isUsual = days.from === dayAfter(today, 1 - usualDays) && days.until === today
    setChosen({ ...(isUsual ? {} : days), all: form.has('all') })
  }

  return (
    <div class="looking-back statistics">
      <h2>{t('statistics')}</h2>
      <form class="history-filter card" aria-label={t('statistics')} onSubmit={submit}>
        <label>
          {t('hi_from')}
          <input name="from" type="date" required value={from} min="2000-01-01" max="2999-12-31" />
        </label>
        <label>
          {t('hi_until')}
          <input name="until" type="date" required value={until} min="2000-01-01" max="2999-12-31" />
        </label>
        <label class="choice">
          <input name="all" type="checkbox" checked={all} /> {t('st_all')}
        </label>
        <button type="submit" class="main">
          {t('st_show')}
        </button>
      </form>
      <Problem reason={problem} />
      {found &&
        !problem &&
        statisticsTables.map(table => {
          const Part = parts[table]
          return (
            <section key={table} aria-labelledby={`st-${table}`}>
              <h3 id={`st-${table}`}>{t(`st_${table}`)}</h3>
              <Part found={found} />
              <FileLink
                path={`/api/statistics?${new URLSearchParams([...question, ['as', 'csv'], ['table', table]])}`}
                words={t('st_csv')}
              />
            </section>
          )
        })}
    </div>
  )
}
