import { useEffect, useState } from 'preact/hooks'
import type { Bank, ParcelNow, Taking, ToTakeBack } from '../../../schema/api/courier.ts'
import { ask, type Refused, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { StepTitle } from './step-title.tsx'
import { useOrder } from './use-order.ts'

type Props = { siteId: string; controllerId: string; banks: Bank[]; home: () => void }

/** Overdue parcels of this carrier: each box opened in turn, and answered with taken or not there. */
export function TakeBackStep({ siteId, controllerId, banks, home }: Props) {
  const { t, moment } = useSpeech()
  const { send, problem } = useSend()
  const [items, setItems] = useState<ToTakeBack[]>()
  const [taking, setTaking] = useState<Taking>()
  const [unread, setUnread] = useState<string>()
  const look = () =>
    ask<{ items: ToTakeBack[] }>('GET', `/api/overdue?siteId=${siteId}`).then(
      answer => {
        setItems(answer.items)
        setUnread(undefined)
      },
      error => setUnread(reasonOf(error)),
    )
  useEffect(() => void look(), [])

  const here = items?.filter(each => each.controllerId === controllerId) ?? []
  const others = items?.filter(each => each.controllerId !== controllerId) ?? []
  const nameOf = (id: string | null) => banks.find(each => each.controllerId === id)?.name ?? id ?? ''
  const open = async (id: string) => {
    const opened = await send<Taking>(`/api/parcels/${id}/take-back`)
    if (opened) setTaking(opened)
  }
  const toList = () => {
    setTaking(undefined)
    return look()
  }
  // collected meanwhile, or said before and the answer was lost: the list tells
  const gone = async ({ reason }: Refused) => {
    await toList()
    setUnread(reason)
  }
  const settle = async (what: 'taken' | 'not-there') =>
    (await send<ParcelNow>(`/api/parcels/${taking!.id}/${what}`, {}, { 'not-overdue': gone })) && toList()

  if (taking) return <OpenBox {...{ taking, problem, settle }} again={() => open(taking.id)} back={toList} />
  return (
    <section>
      <StepTitle>{t('takeBack')}</StepTitle>
      <Problem reason={problem ?? unread} />
      {items?.length === 0 && <p>{t('nothingToTakeBack')}</p>}
      <ul class="big-choices">
        {here.map(({ id, door, receipt, tracking, deadlineAt }) => (
          <li key={id}>
            <button type="button" onClick={() => open(id)}>
              <strong>{t('boxOpen', { n: door ?? '' })}</strong>
              <span>{tracking ?? receipt}</span>
              <span>{t('overdueSince', { time: moment(deadlineAt) })}</span>
            </button>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <>
          <h3>{t('elsewhere')}</h3>
          <ul>
            {others.map(({ id, shelf, controllerId, door, receipt, tracking }) => (
              <li key={id}>
                {shelf === null
                  ? t('me_where', { bank: nameOf(controllerId), n: door ?? '' })
                  : t('atCounter', { shelf })}{' '}
                : {tracking ?? receipt}
              </li>
            ))}
          </ul>
        </>
      )}
      <button type="button" class="wide" onClick={home}>
        {t('back')}
      </button>
    </section>
  )
}

type Open = {
  taking: Taking
  problem: string | undefined
  settle: (what: 'taken' | 'not-there') => unknown
  again: () => unknown
  back: () => unknown
}

function OpenBox({ taking, problem, settle, again, back }: Open) {
  const { t } = useSpeech()
  const order = useOrder(taking.orderId)
  return (
    <section>
      <StepTitle>{t(order === 'opening' ? 'boxOpening' : 'boxOpen', { n: taking.door })}</StepTitle>
      <p class="box-number" aria-hidden="true">
        {taking.door}
      </p>
      <p role="status" class="notice">
        {order === 'open' && t('takeOutAndShut')}
        {order === 'refused' && t('takeRefused')}
        {order === 'no-answer' && t('takeNoAnswer')}
        {order === 'no-link' && t('error_link')}
      </p>
      <Problem reason={problem} />
      <button type="button" class="main wide" disabled={order !== 'open'} onClick={() => settle('taken')}>
        {t('taken')}
      </button>
      <button type="button" class="wide" disabled={order !== 'open'} onClick={() => settle('not-there')}>
        {t('notThere')}
      </button>
      {order !== 'opening' && (
        <button type="button" class="wide" onClick={() => again()}>
          {t('openAgain')}
        </button>
      )}
      {order !== 'open' && (
        <button type="button" class="wide" onClick={() => back()}>
          {t('back')}
        </button>
      )}
    </section>
  )
}
