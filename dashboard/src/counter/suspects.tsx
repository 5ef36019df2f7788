import { useEffect, useState } from 'preact/hooks'
import type { SuspectFact } from '../../../schema/api/settle.ts'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { ActForm } from './act-form.tsx'

/** What does not add up: looked into, and settled with a note. */
export function Suspects({ siteId, touch }: { siteId: string; touch: string }) {
  const { t, of, moment, suspect } = useSpeech()
  const [facts, setFacts] = useState<SuspectFact[]>()
  const [settled, setSettled] = useState(false)
  const [problem, setProblem] = useState<string>()
  const load = () =>
    ask<{ items: SuspectFact[] }>('GET', `/api/suspects?siteId=${siteId}&settled=${settled}`).then(
      ({ items }) => setFacts(items),
      error => setProblem(reasonOf(error)),
    )
  useEffect(() => void load(), [siteId, settled, touch])

  return (
    <div class="banks">
      <label class="check">
        <input type="checkbox" checked={settled} onChange={event => setSettled(event.currentTarget.checked)} />{' '}
        {t('settledOnes')}
      </label>
      <Problem reason={problem} />
      <p role="status">{facts?.length === 0 && t(settled ? 'settledNone' : 'suspectNone')}</p>
      <ul class="suspects">
        {facts?.map(fact => (
          <li key={fact.n} class="bank">
            <h2>{suspect(fact.suspect)}</h2>
            <p>
              <time dateTime={fact.at}>{moment(fact.at)}</time> · {of('event', fact.type)}
              {fact.door !== null && ` · ${t('door', { n: fact.door })}`}
              {fact.receipt && ` · ${t('receipt', { n: fact.receipt })}`}
              {fact.parcelState && ` · ${of('parcel', fact.parcelState)}`}
              {fact.controllerId && ` · ${fact.controllerId}`}
            </p>
            {fact.settled ? (
              <p>
                ✔ {moment(fact.settled.at)} · <bdi>{fact.settled.note}</bdi>
              </p>
            ) : (
              <ActForm
                path="/api/suspects/settle"
                more={{ siteId, n: fact.n }}
                why="note"
                act={t('settle')}
                done={() => void load()}
              />
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
