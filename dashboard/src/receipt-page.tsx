import { useEffect, useState } from 'preact/hooks'
import { ask, reasonOf } from './api.ts'
import { useSpeech } from './i18n/words.ts'
import { Problem } from './problem.tsx'

type Receipt = { receipt: string; state: string; size: string; madeAt: string; placedAt: string | null }

/** What became of a parcel, for whoever has its receipt number; nobody's name or door. */
export function ReceiptPage({ number }: { number: string }) {
  const { t, of, locale } = useSpeech()
  const [receipt, setReceipt] = useState<Receipt>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    ask<Receipt>('GET', `/api/receipts/${encodeURIComponent(number)}`).then(setReceipt, error => {
      const reason = reasonOf(error)
      setProblem(reason === 'not-found' || reason === 'invalid' ? 'receipt-unknown' : reason)
    })
  }, [number])
  // a receipt is read weeks later, so never the time alone
  const dayAndTime = (iso: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(new Date(iso))
  return (
    <section class="steps-page">
      <h2>{t('receipt', { n: number })}</h2>
      <Problem reason={problem} />
      {receipt && (
        <dl class="card">
          <dt>{t('state')}</dt>
          <dd>{of('parcel', receipt.state)}</dd>
          <dt>{t('size')}</dt>
          <dd>{receipt.size}</dd>
          <dt>{t('broughtAt')}</dt>
          <dd>{dayAndTime(receipt.placedAt ?? receipt.madeAt)}</dd>
        </dl>
      )}
    </section>
  )
}
