import { useEffect, useMemo, useState } from 'preact/hooks'
import type { HistoryItem, HistoryPage as Page } from '../../../schema/api/history.ts'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import type { Site } from '../pages.ts'
import { Problem } from '../problem.tsx'
import { FactLine } from './fact-line.tsx'
import { addressOf, type Filter, filterIn, questionOf } from './filter.ts'
import { FilterForm } from './filter-form.tsx'

type Found = { items: HistoryItem[]; next: string | null }

/** Everything that happened at a site, newest first. */
export function HistoryPage({ siteId, site }: { siteId: string; site: Site }) {
  const { t, locale } = useSpeech()
  const [filter, setFilter] = useState<Filter>(() => filterIn(location.search))
  const [found, setFound] = useState<Found>()
  const [problem, setProblem] = useState<string>()
  const question = useMemo(() => questionOf(filter, site), [filter, site])
  const when = useMemo(() => {
    const form = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'medium', timeZone: site.timeZone })
    return (iso: string) => form.format(new Date(iso))
  }, [locale, site.timeZone])

  function load(before: HistoryItem[], cursor?: string) {
    const asked = new URLSearchParams([...question, ...(cursor ? [['cursor', cursor]] : [])])
    let isOld = false
    ask<Page>('GET', `/api/history?${asked}`).then(
      ({ items, next }) => {
        if (isOld) return
        setFound({ items: [...before, ...items], next })
        setProblem(undefined)
      },
      error => !isOld && setProblem(reasonOf(error)),
    )
    return () => {
      isOld = true
    }
  }
  useEffect(() => load([]), [question])

  function choose(next: Filter) {
    window.history.replaceState(null, '', addressOf(next))
    setFilter(next)
  }

  return (
    <div class="looking-back">
      <h2>{t('history')}</h2>
      <FilterForm siteId={siteId} filter={filter} choose={choose} />
      <Problem reason={problem} />
      <p role="status">{found && t(found.items.length === 0 ? 'hi_none' : 'hi_some', { n: found.items.length })}</p>
      {found && found.items.length > 0 && (
        <p>
          <a href={`/api/history?${new URLSearchParams([...question, ['as', 'csv']])}`} download>
            {t('hi_csv')}
          </a>
        </p>
      )}
      <ol class="facts">
        {found?.items.map(item => (
          <FactLine key={item.n} item={item} when={when} />
        ))}
      </ol>
      {found?.next && (
        <button type="button" onClick={() => load(found.items, found.next!)}>
          {t('hi_more')}
        </button>
      )}
    </div>
  )
}
