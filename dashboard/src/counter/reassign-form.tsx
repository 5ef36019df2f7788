import { useState } from 'preact/hooks'
import { isolated, useSpeech } from '../i18n/words.ts'
import { FindResident, type Resident } from '../residents/find-resident.tsx'
import { ActForm } from './act-form.tsx'

/** Whose it really is: looked for by flat or name, then chosen. */
export function ReassignForm({ siteId, path, done }: { siteId: string; path: string; done: () => void }) {
  const { t } = useSpeech()
  const [found, setFound] = useState<Resident[]>()
  return (
    <>
      <FindResident siteId={siteId} label={t('reassign')} found={setFound} />
      {found && found.length > 0 && (
        <ActForm path={path} act={t('reassign')} done={done}>
          <label>
            {t('resident')}
            <select name="residentId">
              {found.map(each => (
                <option key={each.id} value={each.id}>
                  {isolated(each.flat)} · {isolated(each.name)}
                </option>
              ))}
            </select>
          </label>
        </ActForm>
      )}
    </>
  )
}
