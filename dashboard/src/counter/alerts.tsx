import { useState } from 'preact/hooks'
import type { AlertView } from '../../../schema/api/alerts.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { ActForm } from './act-form.tsx'
import { useItems } from './use-items.ts'

/** What residents said is wrong, with what the bank had told by then; taken by one, settled with a note. */
export function Alerts({ siteId, touch }: { siteId: string; touch: string }) {
  const { t } = useSpeech()
  const [settled, setSettled] = useState(false)
  const { items, problem, again } = useItems<AlertView>(`/api/alerts?siteId=${siteId}`, touch)
  const shown = items?.filter(each => (each.state === 'settled') === settled)
  return (
    <section class="banks" aria-labelledby="alerts">
      <h2 id="alerts">{t('alerts')}</h2>
      <label class="check">
        <input type="checkbox" checked={settled} onChange={event => setSettled(event.currentTarget.checked)} />{' '}
        {t('settledOnes')}
      </label>
      <Problem reason={problem} />
      <p role="status">{shown?.length === 0 && t(settled ? 'settledNone' : 'alertNone')}</p>
      <ul class="suspects">
        {shown?.map(alert => (
          <li key={alert.id} class="bank">
            <Alert alert={alert} changed={again} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Alert({ alert, changed }: { alert: AlertView; changed: () => void }) {
  const { t, of, moment } = useSpeech()
  const { send, busy, problem } = useSend()
  const { id, state, bank, door, says, entries, online, doorState } = alert
  const take = async () => (await send(`/api/alerts/${id}/take`, {})) && changed()
  const link = t(online ? 'controllerOnline' : 'controllerOffline')
  return (
    <>
      <h3>{of('alert', alert.kind)}</h3>
      <p>
        <time dateTime={alert.madeAt}>{moment(alert.madeAt)}</time> · <bdi>{bank}</bdi>
        {bank && ', '}
        {door !== null && `${t('door', { n: door })} · `}
        {t('receipt', { n: alert.receipt })} · {of('parcel', alert.parcelState)}
      </p>
      {says && (
        <blockquote>
          <bdi>{says}</bdi>
        </blockquote>
      )}
      <p>{t('alertThen', { link, state: of('state', doorState) })}</p>
      {entries.length > 0 && (
        <details>
          <summary>{t('alertEntries', { n: entries.length })}</summary>
          <ol class="timeline">
            {entries.map(entry => (
              <li key={entry.n}>
                <time dateTime={entry.at}>{moment(entry.at)}</time> {of('event', entry.type)}
                {!entry.live && <small> ({t('madeOffline')})</small>}
              </li>
            ))}
          </ol>
        </details>
      )}
      {state === 'taken' && (
        <p>{t('alertTaken', { name: alert.takenBy ?? '', time: alert.takenAt ? moment(alert.takenAt) : '' })}</p>
      )}
      {state === 'settled' ? (
        <p>
          {t('alertSettled', {
            ...{ name: alert.settledBy ?? '', note: alert.settleNote ?? '' },
            time: alert.settledAt ? moment(alert.settledAt) : '',
          })}
        </p>
      ) : (
        <>
          <Problem reason={problem} />
          {state === 'open' && (
            <button type="button" onClick={take} aria-busy={busy}>
              {t('alertTake')}
            </button>
          )}
          <ActForm path={`/api/alerts/${id}/settle`} why="note" act={t('settle')} done={changed} />
        </>
      )}
    </>
  )
}
