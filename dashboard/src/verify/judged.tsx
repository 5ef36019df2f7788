import { useLayoutEffect, useRef } from 'preact/hooks'
import { type ProvenFact, proofBytesAtMost } from '../../../schema/api/proof.ts'
import { type Speech, useSpeech } from '../i18n/words.ts'
import { DrawnTimeline } from '../parcel/drawn-timeline.tsx'
import type { Verdict } from './check-proof.ts'

type Row = ProvenFact['row']

/** The answer, which has the focus as soon as it is there: a screen reader reads it first. */
export function Judged({ verdict }: { verdict: Verdict }) {
  const speech = useSpeech()
  const { t } = speech
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [verdict])
  return (
    <section class={verdict.holds ? 'card verdict' : 'card verdict verdict-broken'}>
      <h3 ref={heading} tabIndex={-1}>
        <span aria-hidden="true">{verdict.holds ? '✔ ' : '✖ '}</span>
        {t(verdict.holds ? 'pf_holds' : 'pf_broken')}
      </h3>
      {verdict.holds ? <Proven {...verdict} /> : <p>{why(verdict, speech)}</p>}
    </section>
  )
}

function Proven({ facts, others, newest }: Extract<Verdict, { holds: true }>) {
  const { t } = useSpeech()
  const rows = facts.map(({ row }) => row)
  return (
    <>
      <dl>
        <dt>{t('pf_receipt')}</dt>
        <dd>
          <bdi>{receiptOf(rows)}</bdi>
        </dd>
        <dt>{t('pf_facts')}</dt>
        <dd>{rows.length}</dd>
        <dt>{t('pf_others')}</dt>
        <dd>{others}</dd>
        <dt>{t('pf_newest', { n: newest.n })}</dt>
        <dd>
          <code>{newest.hash}</code>
        </dd>
      </dl>
      <DrawnTimeline timeline={rows.map(asTold)} />
      <details>
        <summary>{t('pf_each')}</summary>
        <ul>
          {facts.map(({ row, hash }) => (
            <li key={row.n}>
              {t('pf_number', { n: row.n })} <code>{hash}</code>
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}

function why(verdict: Extract<Verdict, { holds: false }>, { t }: Speech): string {
  switch (verdict.problem) {
    case 'unreadable':
      return t('pf_unreadable')
    case 'too-large':
      return t('pf_tooLarge', { n: proofBytesAtMost / 1e6 })
    case 'not-json':
      return t('pf_notJson')
    case 'not-a-proof':
      return t('pf_notAProof')
    case 'altered':
      return t('pf_altered', { n: verdict.n })
    case 'moved':
      return t('pf_moved', { n: verdict.n })
    case 'not-of-this-parcel':
      return t('pf_strange', { n: verdict.n })
    case 'between':
      return t('pf_between', { from: verdict.after, n: verdict.n })
    default:
      return verdict satisfies never
  }
}

function receiptOf(rows: Row[]): string {
  const told = rows.map(row => row.facts.receipt).find(each => typeof each === 'string')
  return typeof told === 'string' ? told : '—'
}

const asTold = ({ at, receivedAt, ...row }: Row) => ({
  ...row,
  at: new Date(at).toISOString(),
  receivedAt: new Date(receivedAt).toISOString(),
})
