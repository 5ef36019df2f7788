import { useState } from 'preact/hooks'
import type { OwnSession } from '../../../schema/api/account.ts'
import { ask, Refused, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'

type Props = { sessions: OwnSession[]; changed: (words: string) => void }

/** Where the account is signed in; each is ended by itself, or all but this one. */
export function Sessions({ sessions, changed }: Props) {
  const { t, count, moment } = useSpeech()
  const { send, busy, problem } = useSend()
  const [unended, setUnended] = useState<string>()

  async function end(id: string) {
    setUnended(undefined)
    try {
      await ask('DELETE', `/api/account/sessions/${id}`)
    } catch (error) {
      // ended already, by this button or elsewhere
      if (!(error instanceof Refused && error.status === 404)) return setUnended(reasonOf(error))
    }
    changed(t('ac_ended'))
  }
  async function endOthers() {
    const answer = await send<{ ended: number }>('/api/account/sessions/end-others')
    if (answer) changed(count('ac_othersEnded', answer.ended))
  }

  return (
    <section class="panel" aria-labelledby="sessions">
      <h2 id="sessions">{t('ac_sessions')}</h2>
      <ul class="own-sessions">
        {sessions.map(({ id, isThis, madeAt, lastSeenAt, ...device }) => {
          const { browser, system } = device
          const name = browser && system ? t('ac_device', { browser, system }) : (browser ?? system ?? t('ac_unknown'))
          return (
            <li key={id} aria-current={isThis || undefined}>
              <span>
                <strong>{name}</strong> {isThis && <span class="tag">{t('ac_this')}</span>}
                <br />
                <small>
                  {t('ac_since', { time: moment(madeAt) })} · {t('ac_seen', { time: moment(lastSeenAt) })}
                </small>
              </span>
              {!isThis && (
                <button
                  type="button"
                  aria-label={t('ac_endWhich', { name, time: moment(madeAt) })}
                  onClick={() => end(id)}
                >
                  {t('ac_end')}
                </button>
              )}
            </li>
          )
        })}
      </ul>
      <Problem reason={problem ?? unended} />
      {sessions.length > 1 && (
        <button type="button" aria-busy={busy} onClick={endOthers}>
          {t('ac_endOthers')}
        </button>
      )}
      <p class="about">{t('ac_sessionsWhy')}</p>
    </section>
  )
}
