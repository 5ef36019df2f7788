import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { FoundResident, Resident } from '../../../schema/api/residents.ts'
import { ActForm } from '../counter/act-form.tsx'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { useAnswer } from '../use-answer.ts'
import type { Card } from './member-card.tsx'
import { ResidentFields, residentIn } from './resident-fields.tsx'

type Props = { found: FoundResident; leave: () => void; changed: () => void; show: (card: Card) => void }

/** One resident: what is known of them, a new PIN, and moving out. */
export function ResidentPanel({ found, leave, changed, show }: Props) {
  const { t, count } = useSpeech()
  const heading = useRef<HTMLHeadingElement>(null)
  const { answer: person, problem, again } = useAnswer<Resident>(`/api/residents/${found.id}`)
  const [said, setSaid] = useState('')
  useLayoutEffect(() => heading.current?.focus(), [])
  const did = (words: string) => {
    setSaid(words)
    again()
    changed()
  }

  return (
    <aside class="panel" aria-label={found.name} onKeyDown={event => event.key === 'Escape' && leave()}>
      <h2 ref={heading} tabIndex={-1}>
        <bdi>{found.name}</bdi>
      </h2>
      <p>
        {t('re_member', { n: found.memberNumber })} {person && !person.hasPin && `· ${t('re_noPin')}`}
      </p>
      <p role="status">{said}</p>
      <Problem reason={problem} />
      {person?.movedOutAt === null && (
        <>
          <ChangeForm key={person.id} person={person} done={() => did(t('me_saved'))} />
          <PinForm person={person} show={show} />
          <details>
            <summary>{t('re_moveOut')}</summary>
            <p>{t('re_moveOutWhy')}</p>
            <ActForm<{ ended: number }>
              path={`/api/residents/${person.id}/move-out`}
              act={t('re_moveOutDo')}
              done={({ ended }) => did(`${t('re_movedOut')} ${ended > 0 ? count('re_ended', ended) : ''}`)}
            />
          </details>
        </>
      )}
      {person && person.movedOutAt !== null && <p class="warning">{t('re_movedOut')}</p>}
      <button type="button" onClick={leave}>
        {t('close')}
      </button>
    </aside>
  )
}

function ChangeForm({ person, done }: { person: Resident; done: () => void }) {
  const { t } = useSpeech()
  const { send, busy, problem, field } = useSend()
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const body = residentIn(event.currentTarget as HTMLFormElement)
    if (await send(`/api/residents/${person.id}/change`, body)) done()
  }
  return (
    <form onSubmit={submit}>
      <ResidentFields of={person} wrong={field} />
      <Problem reason={problem} />
      <button type="submit" class="main" aria-busy={busy}>
        {t('save')}
      </button>
    </form>
  )
}

function PinForm({ person, show }: { person: Resident; show: (card: Card) => void }) {
  const { t } = useSpeech()
  const { send, busy, problem } = useSend()
  async function make() {
    const made = await send<{ memberNumber: string; pin: string }>(`/api/residents/${person.id}/pin`)
    if (made) show({ ...made, name: person.name, flat: person.flat })
  }
  return (
    <details>
      <summary>{t(person.hasPin ? 're_newPin' : 're_firstPin')}</summary>
      <p>{t(person.hasPin ? 're_newPinWhy' : 're_firstPinWhy')}</p>
      <Problem reason={problem} />
      <button type="button" class="main" aria-busy={busy} onClick={make}>
        {t('re_pinDo')}
      </button>
    </details>
  )
}
