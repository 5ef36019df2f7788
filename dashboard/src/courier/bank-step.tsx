import type { Bank } from '../../../schema/api/courier.ts'
import { useSpeech } from '../i18n/words.ts'
import { StepTitle } from './step-title.tsx'
import type { Step } from './steps.ts'

type Props = { banks: Bank[]; bank: Bank; siteId: string; go: (step: Step) => void; choose: (id: string) => void }

/** What there is room for, or that nothing can be opened now, before anything is scanned. */
export function BankStep({ banks, bank, go, choose }: Props) {
  const { t, of, count } = useSpeech()
  const isFull = bank.sizes.every(({ free }) => free === 0)
  return (
    <section>
      <StepTitle>{bank.online ? t('whichSize') : t('bankAway')}</StepTitle>
      {banks.length > 1 && (
        <label class="stacked">
          {t('bank')}
          <select value={bank.controllerId} onChange={event => choose(event.currentTarget.value)}>
            {banks.map(each => (
              <option key={each.controllerId} value={each.controllerId}>
                {each.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {!bank.online && <p class="notice">{t('bankAwayDo')}</p>}
      {!bank.online && (
        <button type="button" class="main wide" onClick={() => go({ at: 'recipient', size: 'M', away: true })}>
          {t('toShelf')}
        </button>
      )}
      {bank.online && isFull && <p class="notice">{t('bankFull')}</p>}
      <ul class="big-choices">
        {bank.sizes.map(({ size, free }) => (
          <li key={size}>
            <button type="button" disabled={!bank.online} onClick={() => go({ at: 'recipient', size })}>
              <strong>{size}</strong>
              <span>{of('size', size)}</span>
              <span>{free === 0 ? t('noneFree') : count('free', free)}</span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="wide" onClick={() => go({ at: 'take-back' })}>
        {t('takeBack')}
      </button>
    </section>
  )
}
