import { useEffect, useRef, useState } from 'preact/hooks'
import type { AuditView } from '../../../schema/api/audits.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import type { Wall } from '../state.ts'
import { useAnswer } from '../use-answer.ts'
import { OrderSteps } from '../wall/order-steps.tsx'

type Box = AuditView['doors'][number]
const answers = ['empty', 'parcel', 'something-else'] as const

/** One box after the other: open, look, say what is in it, and on to the next. */
export function AuditWalk({ id, wall, ended }: { id: string; wall: Wall; ended: () => void }) {
  const { t, of } = useSpeech()
  const [chosen, setChosen] = useState<string>()
  const end = useSend()
  const touch = wall.doors.map(door => `${door.offer}${door.state}`).join()
  const { answer: audit, problem, again } = useAnswer<AuditView>(`/api/audits/${id}`, touch)
  if (!audit) return <Problem reason={problem} />

  const left = audit.doors.filter(box => box.found === null)
  const box = audit.doors.find(each => each.id === chosen) ?? left.find(each => each.offer !== 'reserved')
  function looked() {
    setChosen(undefined)
    again()
  }
  async function finish() {
    if (await end.send(`/api/audits/${id}/end`, {})) ended()
  }

  return (
    <section aria-label={t('audit')}>
      <p role="status">{t('auditDone', { done: audit.doors.length - left.length, of: audit.doors.length })}</p>
      {box ? <OneBox key={box.id} box={box} wall={wall} looked={looked} /> : <p>{t('auditAll')}</p>}
      <ol class="walked">
        {audit.doors.map(each => (
          <li key={each.id}>
            <button type="button" aria-pressed={each.id === box?.id} onClick={() => setChosen(each.id)}>
              <span aria-hidden="true">{each.found === null ? '…' : '✔'}</span> {t('door', { n: each.door })} ·{' '}
              {each.found === null ? t('auditNotYet') : of('found', each.found)}
            </button>
          </li>
        ))}
      </ol>
      <Problem reason={end.problem ?? problem} />
      <button type="button" onClick={finish} aria-busy={end.busy}>
        {left.length === 0 ? t('auditEnd') : t('auditEndEarly', { n: left.length })}
      </button>
    </section>
  )
}

function OneBox({ box, wall, looked }: { box: Box; wall: Wall; looked: () => void }) {
  const { t } = useSpeech()
  const heading = useRef<HTMLHeadingElement>(null)
  const [orderId, setOrderId] = useState<string>()
  const { send, busy, problem } = useSend()
  useEffect(() => heading.current?.focus(), [])

  async function open() {
    const made = await send<{ orderId: string }>(`/api/doors/${box.id}/open`, { reason: t('audit') })
    if (made) setOrderId(made.orderId)
  }
  async function found(what: string) {
    if (await send(`/api/doors/${box.id}/looked`, { found: what, reason: t('audit') })) looked()
  }

  return (
    <div class="one-box">
      <h3 ref={heading} tabIndex={-1}>
        {t('door', { n: box.door })} {box.size && <small>{box.size}</small>}
      </h3>
      <p>{box.receipt ? t('auditExpectsParcel', { n: box.receipt }) : t('auditExpectsNothing')}</p>
      <button type="button" class="main" onClick={open} aria-busy={busy}>
        {t('openDoor')}
      </button>
      {orderId && <OrderSteps orderId={orderId} heard={wall.orders[orderId]} />}
      <Problem reason={problem} />
      <fieldset>
        <legend>{t('found')}</legend>
        <div class="answers">
          {answers.map(what => (
            <button key={what} type="button" onClick={() => found(what)}>
              {t(`found_${what}`)}
            </button>
          ))}
        </div>
      </fieldset>
    </div>
  )
}
