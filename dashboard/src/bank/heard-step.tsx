import type { AlertKind } from '../../../schema/api/alerts.ts'
import type { HeardAlert } from '../../../schema/api/bank.ts'
import { StepTitle } from '../courier/step-title.tsx'
import { useSpeech } from '../i18n/words.ts'

type Props = { kind: AlertKind; heard: HeardAlert; done: () => void }

/** What happens next, and what to do now, in large letters. */
export function HeardStep({ kind, heard, done }: Props) {
  const { t } = useSpeech()
  const { door: n, parcelState } = heard
  return (
    <section>
      <StepTitle>{t('at_heard')}</StepTitle>
      <ol class="what-now">
        {linesOf(kind, parcelState).map(line => (
          <li key={line}>{t(line, { n })}</li>
        ))}
      </ol>
      <button type="button" class="main wide" onClick={done}>
        {t('at_done')}
      </button>
    </section>
  )
}

function linesOf(kind: AlertKind, parcelState: string) {
  if (kind === 'damaged') return ['at_keepIt', 'at_comeWithIt'] as const
  if (kind === 'not-mine')
    return parcelState === 'contested'
      ? (['at_putBack', 'at_shutIt', 'at_weLook'] as const)
      : (['at_boxGone', 'at_comeWithIt'] as const)
  return parcelState === 'waiting' || parcelState === 'expired'
    ? (['at_stillThere', 'at_tryAgain', 'at_openForYou'] as const)
    : (['at_weLookInto', 'at_openForYou'] as const)
}
