import { useState } from 'preact/hooks'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useNewest } from '../use-newest.ts'

export type Resident = { id: string; name: string; flat: string }
type Props = { siteId: string; label: string; found: (residents: Resident[]) => void }

/** By flat or name. */
export function FindResident({ siteId, label, found }: Props) {
  const { t } = useSpeech()
  const [none, setNone] = useState(false)
  const [problem, setProblem] = useState<string>()
  const begin = useNewest()

  async function find(event: SubmitEvent) {
    event.preventDefault()
    setProblem(undefined)
    const isNewest = begin()
    const q = String(new FormData(event.currentTarget as HTMLFormElement).get('q') ?? '')
    const query = new URLSearchParams({ siteId, q })
    await ask<{ items: Resident[] }>('GET', `/api/residents?${query}`).then(
      ({ items }) => {
        if (!isNewest()) return
        setNone(items.length === 0)
        found(items)
      },
      error => isNewest() && setProblem(reasonOf(error)),
    )
  }

  return (
    <>
      <form aria-label={label} onSubmit={find}>
        <label>
          {t('residentWho')}
          <input name="q" required maxLength={100} autocomplete="off" />
        </label>
        <Problem reason={problem} />
        <button type="submit">{t('find')}</button>
      </form>
      <p role="status">{none && t('foundNobody')}</p>
    </>
  )
}
