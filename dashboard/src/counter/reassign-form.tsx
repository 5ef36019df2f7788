import { useState } from 'preact/hooks'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { ActForm } from './act-form.tsx'

type Resident = { id: string; name: string; flat: string }

/** Whose it really is: looked for by flat or name, then chosen. */
export function ReassignForm({ siteId, path, done }: { siteId: string; path: string; done: () => void }) {
  const { t } = useSpeech()
  const [found, setFound] = useState<Resident[]>()
  const [problem, setProblem] = useState<string>()

  async function find(event: SubmitEvent) {
    event.preventDefault()
    setProblem(undefined)
    const q = String(new FormData(event.currentTarget as HTMLFormElement).get('q') ?? '')
    const query = new URLSearchParams({ siteId, q })
    await ask<{ items: Resident[] }>('GET', `/api/residents?${query}`).then(
      ({ items }) => setFound(items),
      error => setProblem(reasonOf(error)),
    )
  }

  return (
    <>
      <form aria-label={t('reassign')} onSubmit={find}>
        <label>
          {t('residentWho')}
          <input name="q" required maxLength={100} autocomplete="off" />
        </label>
        <Problem reason={problem} />
        <button type="submit">{t('find')}</button>
      </form>
      <p role="status">{found?.length === 0 && t('foundNobody')}</p>
      {found && found.length > 0 && (
        <ActForm path={path} act={t('reassign')} done={done}>
          <label>
            {t('resident')}
            <select name="residentId">
              {found.map(each => (
                <option key={each.id} value={each.id}>
                  {each.flat} · {each.name}
                </option>
              ))}
            </select>
          </label>
        </ActForm>
      )}
    </>
  )
}
