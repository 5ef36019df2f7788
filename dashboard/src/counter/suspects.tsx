import { useState } from 'preact/hooks'
import type { SuspectFact } from '../../../schema/api/settle.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useAnswer } from '../use-answer.ts'
import { ActForm } from './act-form.tsx'

/** What does not add up: looked into, and settled with a note. */
export function Suspects({ siteId, touch }: { siteId: string; touch: string }) {
  const { t, of, moment, suspect } = useSpeech()
  const [settled, setSettled] = useState(false)
  const path = `/api/suspects?siteId=${siteId}&settled=${settled}`
  const { answer, problem, again } = useAnswer<{ items: SuspectFact[] }>(path, touch)
  const facts = answer?.items

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
                done={again}
              />
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
