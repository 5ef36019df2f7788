import { useEffect, useState } from 'preact/hooks'
import type { Bank } from '../../../schema/api/courier.ts'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { BankStep } from './bank-step.tsx'
import { BoxStep } from './box-step.tsx'
import { CarrierSignIn } from './carrier-sign-in.tsx'
import { DoneStep } from './done-step.tsx'
import { NoneFreeStep } from './none-free-step.tsx'
import { RecipientStep } from './recipient-step.tsx'
import { keepStep, keptStep, type Step } from './steps.ts'
import { TakeBackStep } from './take-back-step.tsx'
import { useIdle } from './use-idle.ts'

type Me = { role: string; siteIds: string[] | null }
const address = new URLSearchParams(location.search)
const idleMs = 3 * 60_000
/** by then what was not said to be put in is contested */
const boxIdleMs = 6 * 60_000

/** The bank's own page, opened on its tablet or by the QR code on it: /courier?site=…&bank=… */
export function CourierPage({ me, changed }: { me: Me | null | undefined; changed: () => void }) {
  const { t } = useSpeech()
  const siteId = address.get('site') ?? me?.siteIds?.[0] ?? localStorage.getItem('courier-site') ?? ''
  const [banks, setBanks] = useState<Bank[]>()
  const [bankId, setBankId] = useState(address.get('bank') ?? '')
  const [step, setStep] = useState<Step>(keptStep)
  const [problem, setProblem] = useState<string>()
  // one phone serves many sites, each with a code of its own
  const worksHere = me != null && me.role !== 'resident' && (me.siteIds === null || me.siteIds.includes(siteId))

  const look = () =>
    ask<{ items: Bank[] }>('GET', `/api/banks?siteId=${siteId}`).then(
      ({ items }) => {
        setBanks(items)
        setProblem(undefined)
        if (!items.some(bank => bank.controllerId === bankId)) setBankId(items[0]?.controllerId ?? '')
      },
      error => setProblem(reasonOf(error)),
    )
  const go = (next: Step) => {
    keepStep(next)
    setStep(next)
    scrollTo(0, 0)
  }
  useEffect(() => {
    if (!worksHere || !siteId) return
    localStorage.setItem('courier-site', siteId)
    void look()
    if (step.at !== 'bank') return
    const timer = setInterval(look, 5_000)
    return () => clearInterval(timer)
  }, [worksHere, siteId, step.at])

  const leave = () => ask('DELETE', '/api/sessions/me').then(changed, changed)
  // a tablet that somebody left: the next one signs in himself
  useIdle(step.at === 'box' ? boxIdleMs : idleMs, () => {
    if (worksHere && me.role === 'courier') void leave()
  })

  if (!siteId) return <p class="steps-page">{t('courierNoSite')}</p>
  if (me === undefined) return null
  if (!worksHere) return <CarrierSignIn {...{ siteId, bankId }} done={changed} />
  const bank = banks?.find(each => each.controllerId === bankId)
  if (!banks) return <Problem reason={problem} />
  if (!bank) return <p class="steps-page">{t('courierNoBank')}</p>
  const home = () => go({ at: 'bank' })

  return (
    <div class="steps-page">
      <Problem reason={problem} />
      {step.at === 'bank' && <BankStep {...{ banks, bank, siteId, go }} choose={setBankId} />}
      {step.at === 'recipient' && <RecipientStep {...{ step, bank, banks, go, home }} />}
      {step.at === 'none-free' && <NoneFreeStep {...{ step, siteId, go, home }} choose={setBankId} />}
      {step.at === 'box' && <BoxStep {...{ step, go, home }} />}
      {step.at === 'done' && <DoneStep {...{ step, home }} />}
      {step.at === 'take-back' && <TakeBackStep {...{ siteId, banks, home }} controllerId={bank.controllerId} />}
    </div>
  )
}
