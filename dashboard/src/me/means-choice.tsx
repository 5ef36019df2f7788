import { useSpeech } from '../i18n/words.ts'

/** Fixed or rotating; for who reads it from paper or is told it by telephone, fixed comes first. */
export function MeansChoice() {
  const { t } = useSpeech()
  return (
    <fieldset>
      <legend>{t('bk_means')}</legend>
      {(['code', 'totp'] as const).map(means => (
        <label key={means} class="choice">
          <input type="radio" name="means" value={means} defaultChecked={means === 'code'} /> {t(`bk_means_${means}`)}
        </label>
      ))}
    </fieldset>
  )
}
