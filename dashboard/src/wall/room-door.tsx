import { useEffect, useState } from 'preact/hooks'
import type { GrantView } from '../../../schema/api/grants.ts'
import type { WallController, WallDoor } from '../../../schema/api/live.ts'
import { ask } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useMay } from '../role.ts'
import { useSend } from '../send.ts'

/** Rings until a caretaker has looked and says what they found. */
export function AlarmForm({ door }: { door: WallDoor }) {
  const { t, of, moment } = useSpeech()
  const may = useMay()
  const { send, busy, problem } = useSend()
  if (!door.alarm) return null
  const { kind, at } = door.alarm

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget as HTMLFormElement).get('reason'))
    void send(`/api/doors/${door.id}/end-alarm`, { reason })
  }

  const rings = (
    <p class="problem" role="alert">
      ⚠ {t('alarmSince', { alarm: of('alarm', kind), time: moment(at) })}
    </p>
  )
  if (!may('help')) return rings
  return (
    <form onSubmit={submit}>
      {rings}
      <label>
        {t('reason')}
        <input name="reason" required maxLength={500} aria-describedby="alarm-hint" />
      </label>
      <small id="alarm-hint">{t('alarmHint')}</small>
      <Problem reason={problem} />
      <button type="submit" disabled={busy}>
        {t('alarmOver')}
      </button>
    </form>
  )
}

/** What the door does by itself. */
export function RoomFacts({ door }: { door: WallDoor }) {
  const { t, of } = useSpeech()
  return (
    <p>
      {of('mode', door.mode)}
      {door.withoutPower && ` · ${of('withoutPower', door.withoutPower)}`}
      {` · ${t('exitFree')}`}
    </p>
  )
}

const wasUsedAfter = ({ usedAt, revokedAt }: GrantView) => usedAt !== null && revokedAt !== null && usedAt > revokedAt

/** What still matters: who may come, what the door does not know, and what it did because it did not. */
const matters = (grant: GrantView) =>
  grant.state === 'active' || grant.state === 'coming' || !grant.doorKnows || wasUsedAfter(grant)
const most = 50

type Props = { door: WallDoor; controller: WallController }

/** Who may open the door, without names, and whether the door knows it. */
export function GrantsOfDoor({ door, controller }: Props) {
  const { t, of, moment } = useSpeech()
  const [grants, setGrants] = useState<GrantView[]>()
  const { made, known } = controller.grantsVersion
  // whatever changes a grant changes one of these
  const touch = [door.id, door.state, door.since, made, known, controller.suspect, controller.online].join()
  useEffect(() => {
    let old = false
    ask<{ items: GrantView[] }>('GET', `/api/grants?doorId=${door.id}`).then(
      found => !old && setGrants(found.items.filter(matters).slice(0, most)),
      () => {},
    )
    return () => {
      old = true
    }
  }, [touch])
  const contact = controller.lastSeenAt ? moment(controller.lastSeenAt) : t('neverSeen')
  const useOf = (grant: GrantView): string =>
    grant.usedAt ? ` · ${t(wasUsedAfter(grant) ? 'usedAfterRevoked' : 'usedLast', { time: moment(grant.usedAt) })}` : ''
  return (
    <section>
      <h3>{t('grantsOfDoor')}</h3>
      {grants?.length === 0 && <p>{t('noGrants')}</p>}
      <ul class="grants">
        {grants?.map(grant => (
          <li key={grant.id}>
            <strong>{of('grant', grant.state)}</strong> · {of('means', grant.means)} ·{' '}
            {t('fromUntil', { from: moment(grant.from), until: moment(grant.until) })}
            {useOf(grant)}
            {!grant.doorKnows && (
              <span class="badge">
                {' '}
                ↻ {t('doorKnowsNot')}
                {!controller.online && ` ; ${t('doorKnowsAtContact', { time: contact })}`}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
