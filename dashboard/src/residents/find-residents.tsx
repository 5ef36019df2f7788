import { useState } from 'preact/hooks'
import type { FoundResident } from '../../../schema/api/residents.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { usePages } from '../use-pages.ts'
import type { Card } from './member-card.tsx'
import { ResidentPanel } from './resident-panel.tsx'

type Asked = { q: string; movedOut: boolean; times: number }

/** By flat, name or member number; everybody when nothing is asked. */
export function FindResidents({ siteId, show }: { siteId: string; show: (card: Card) => void }) {
  const { t } = useSpeech()
  const [asked, setAsked] = useState<Asked>({ q: '', movedOut: false, times: 0 })
  const [chosen, setChosen] = useState<FoundResident>()
  const query = new URLSearchParams({ siteId, q: asked.q, movedOut: String(asked.movedOut) })
  const { items, more, problem } = usePages<FoundResident>(`/api/residents?${query}`, String(asked.times))

  function find(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    setAsked({ q: String(form.get('q') ?? '').trim(), movedOut: form.get('movedOut') !== null, times: asked.times + 1 })
  }

  return (
    <div class="columns">
      <div class="banks">
        <form class="find" onSubmit={find}>
          <label>
            {t('rm_who')}
            <input name="q" type="search" maxLength={100} autocomplete="off" />
          </label>
          <label class="check">
            <input name="movedOut" type="checkbox" /> {t('re_alsoMovedOut')}
          </label>
          <button type="submit" class="main">
            {t('find')}
          </button>
        </form>
        <Problem reason={problem} />
        <p role="status">
          {items && (items.length === 0 ? t('foundNobody') : t('re_found', { n: items.length }))}
          {more && ` ${t('re_foundMore')}`}
        </p>
        <ul class="found">
          {items?.map(each => (
            <li key={each.id}>
              <button
                type="button"
                class={`hit ${each.movedOutAt ? 'look-retired' : ''}`}
                aria-pressed={each.id === chosen?.id}
                onClick={() => setChosen(each)}
              >
                <bdi class="number">{each.name}</bdi>
                <span class="words">
                  {t('re_flat')} <bdi>{each.flat}</bdi> · {each.memberNumber}
                  {each.movedOutAt && ` · ${t('re_movedOut')}`}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {more && (
          <button type="button" onClick={more}>
            {t('re_more')}
          </button>
        )}
      </div>
      {chosen && (
        <ResidentPanel
          key={chosen.id}
          found={chosen}
          leave={() => setChosen(undefined)}
          changed={() => setAsked({ ...asked, times: asked.times + 1 })}
          show={show}
        />
      )}
    </div>
  )
}
