import { useSpeech } from './i18n/words.ts'

/** Below what is made to be printed; itself not on the paper. */
export function PrintOrLeave({ leave }: { leave: () => void }) {
  const { t } = useSpeech()
  return (
    <div class="not-on-paper">
      <button type="button" class="main" onClick={() => print()}>
        {t('me_slip')}
      </button>
      <button type="button" onClick={leave}>
        {t('close')}
      </button>
    </div>
  )
}
