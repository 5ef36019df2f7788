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
      <StepTitle>{t('here_heard')}</StepTitle>
      <ol class="what-now">
        {linesOf(kind, parcelState).map(line => (
          <li key={line}>{t(line, { n })}</li>
        ))}
      </ol>
      <button type="button" class="main wide" onClick={done}>
        {t('here_done')}
      </button>
    </section>
  )
}

function linesOf(kind: AlertKind, parcelState: string) {
  if (kind === 'damaged') return ['here_keepIt', 'here_comeWithIt'] as const
  if (kind === 'not-mine')
    return parcelState === 'contested'
      ? (['here_putBack', 'here_shutIt', 'here_weLook'] as const)
      : (['here_boxGone', 'here_comeWithIt'] as const)
  return parcelState === 'waiting' || parcelState === 'expired'
    ? (['here_stillThere', 'here_tryAgain', 'here_openForYou'] as const)
    : (['here_weLookInto', 'here_openForYou'] as const)
}
