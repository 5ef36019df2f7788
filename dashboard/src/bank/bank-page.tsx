import { useEffect, useState } from 'preact/hooks'
import type { AlertKind } from '../../../schema/api/alerts.ts'
import type { BankHere, HeardAlert } from '../../../schema/api/bank.ts'
import { ask, reasonOf } from '../api.ts'
import { StepTitle } from '../courier/step-title.tsx'
import { useIdle } from '../courier/use-idle.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { CodeStep } from './code-step.tsx'
import { HeardStep } from './heard-step.tsx'

type Step =
  | { at: 'start' }
  | { at: 'what' }
  | { at: 'code'; kind: AlertKind }
  | { at: 'heard'; kind: AlertKind; heard: HeardAlert }

const kinds: AlertKind[] = ['door-shut', 'not-mine', 'damaged']
/** what one person said is not left for the next */
const idleMs = 90_000
const cameForTrouble = location.hash === '#problem'

/** The page of a bank's QR code: who is a courier goes on, who has trouble says so with the code of the parcel. */
export function BankPage({ id }: { id: string }) {
  const { t } = useSpeech()
  const [bank, setBank] = useState<BankHere>()
  const [problem, setProblem] = useState<string>()
  const [step, setStep] = useState<Step>({ at: cameForTrouble ? 'what' : 'start' })
  useEffect(() => {
    const look = () =>
      ask<BankHere>('GET', `/api/banks/${encodeURIComponent(id)}`).then(setBank, error => {
        const reason = reasonOf(error)
        setProblem(reason === 'not-found' || reason === 'invalid' ? 'bank-unknown' : reason)
      })
    void look()
    const timer = setInterval(look, 15_000)
    return () => clearInterval(timer)
  }, [id])
  const go = (next: Step) => {
    setStep(next)
    scrollTo(0, 0)
  }
  // come from the bank's tablet: it goes back to what it shows when nobody is at it
  const courierPage = bank && `/courier?${new URLSearchParams({ site: bank.siteId, bank: bank.controllerId })}`
  const leave = () => (cameForTrouble && courierPage ? location.assign(courierPage) : go({ at: 'start' }))
  useIdle(idleMs, () => step.at !== 'start' && leave())

  if (!bank) return <Problem reason={problem} />
  return (
    <div class="steps-page">
      {step.at === 'start' && (
        <section>
          <StepTitle>{t('here_title', { bank: bank.name })}</StepTitle>
          <p class="about">{bank.site}</p>
          <p class="notice">{t(bank.online ? 'here_collect' : 'here_collectAway')}</p>
          <button type="button" class="main wide" onClick={() => go({ at: 'what' })}>
            {t('here_trouble')}
          </button>
          <a class="wide" href="/me">
            {t('here_mine')}
          </a>
          <a class="wide" href={courierPage}>
            {t('here_courier')}
          </a>
        </section>
      )}
      {step.at === 'what' && (
        <section>
          <StepTitle>{t('here_what')}</StepTitle>
          <ul class="big-choices">
            {kinds.map(kind => (
              <li key={kind}>
                <button type="button" class="said-so" onClick={() => go({ at: 'code', kind })}>
                  {t(`me_alert_${kind}`)}
                </button>
              </li>
            ))}
          </ul>
          <button type="button" class="wide" onClick={leave}>
            {t('back')}
          </button>
        </section>
      )}
      {step.at === 'code' && (
        <CodeStep
          bankId={bank.controllerId}
          kind={step.kind}
          heard={heard => go({ at: 'heard', kind: step.kind, heard })}
          back={() => go({ at: 'what' })}
        />
      )}
      {step.at === 'heard' && <HeardStep {...step} done={leave} />}
    </div>
  )
}
