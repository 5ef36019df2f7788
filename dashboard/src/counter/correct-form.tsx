import { corrections } from '../../../schema/api/corrections.ts'
import { useSpeech } from '../i18n/words.ts'
import { ActForm } from './act-form.tsx'

type Props = { state: keyof typeof corrections; path: string; done: () => void }

/** Only what the rules allow from here is offered. */
export function CorrectForm({ state, path, done }: Props) {
  const { t, of } = useSpeech()
  return (
    <>
      <p>{t('correctWhy')}</p>
      <ActForm path={path} act={t('correct')} done={done}>
        <label>
          {t('inTruth')}
          <select name="state">
            {corrections[state].map(each => (
              <option key={each} value={each}>
                {of('parcel', each)}
              </option>
            ))}
          </select>
        </label>
      </ActForm>
    </>
  )
}
