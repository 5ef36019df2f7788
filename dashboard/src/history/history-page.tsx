import { useMemo, useState } from 'preact/hooks'
import type { HistoryItem } from '../../../schema/api/history.ts'
import { useSpeech } from '../i18n/words.ts'
import type { Site } from '../pages.ts'
import { Problem } from '../problem.tsx'
import { usePages } from '../use-pages.ts'
import { FactLine } from './fact-line.tsx'
import { addressOf, type Filter, filterIn, questionOf } from './filter.ts'
import { FilterForm } from './filter-form.tsx'

/** Everything that happened at a site, newest first. */
export function HistoryPage({ siteId, site }: { siteId: string; site: Site }) {
  const { t, locale } = useSpeech()
  const [filter, setFilter] = useState<Filter>(() => filterIn(location.search))
  const question = useMemo(() => questionOf(filter, site), [filter, site])
  const [times, setTimes] = useState(0)
  const { items, more, problem } = usePages<HistoryItem>(`/api/history?${new URLSearchParams(question)}`, String(times))
  const when = useMemo(() => {
    const form = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'medium', timeZone: site.timeZone })
    return (iso: string) => form.format(new Date(iso))
  }, [locale, site.timeZone])

  function choose(next: Filter) {
    window.history.replaceState(null, '', addressOf(next))
    setFilter(next)
    // looked for again in the same way: there may be more by now
    setTimes(times + 1)
  }

  return (
    <div class="looking-back">
      <h2>{t('history')}</h2>
      <FilterForm siteId={siteId} filter={filter} choose={choose} />
      <Problem reason={problem} />
      <p role="status">{items && t(items.length === 0 ? 'hi_none' : 'hi_some', { n: items.length })}</p>
      {items && items.length > 0 && (
        <p>
          <a href={`/api/history?${new URLSearchParams([...question, ['as', 'csv']])}`} download>
            {t('hi_csv')}
          </a>
        </p>
      )}
      <ol class="facts">
        {items?.map(item => (
          <FactLine key={item.n} item={item} when={when} />
        ))}
      </ol>
      {more && (
        <button type="button" onClick={more}>
          {t('hi_more')}
        </button>
      )}
    </div>
  )
}
