import { useState } from 'preact/hooks'
import type { Delegate, OwnParcel } from '../../../schema/api/resident.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { Code } from './code.tsx'
import { placeOf } from './place.ts'

type Props = { parcel: OwnParcel; changed: () => void }

/** Somebody else with a code of their own: named, seen and taken back here. */
export function DelegatePart({ parcel, changed }: Props) {
  const { t } = useSpeech()
  const { send, problem } = useSend()
  const [newest] = parcel.delegates
  const active = newest?.state === 'active' ? newest : undefined

  // afterwards it is as the reader left it
  const [firstOpen] = useState(active !== undefined)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const name = new FormData(event.currentTarget as HTMLFormElement).get('name')
    if (await send(`/api/parcels/${parcel.id}/delegate`, { name })) changed()
  }

  return (
    <details open={firstOpen}>
      <summary>{t('me_delegate')}</summary>
      {newest && <Shown delegate={newest} parcel={parcel} />}
      {active ? (
        <Revoke delegate={active} changed={changed} />
      ) : (
        <form onSubmit={submit}>
          <p>{t('me_delegateWhy')}</p>
          <label>
            {t('me_delegateName')}
            <input name="name" required maxLength={200} autocomplete="off" />
          </label>
          <Problem reason={problem} />
          <button type="submit" class="main">
            {t('me_delegateDo')}
          </button>
        </form>
      )}
    </details>
  )
}

function Shown({ delegate, parcel }: { delegate: Delegate; parcel: OwnParcel }) {
  const speech = useSpeech()
  const { t, moment } = speech
  const { name, state, code, bankKnows, bankSeenAt } = delegate
  if (state === 'revoked' && !bankKnows)
    return <p class="warning">{t('me_delegateLate', { name, time: bankSeenAt ? moment(bankSeenAt) : '–' })}</p>
  return (
    <>
      <p role="status">{t(`me_delegate_${state}`, { name })}</p>
      {code && <Code code={code} label={digits => t('me_delegateCode', { name, digits })} />}
      {code && <p>{t('me_delegateTell', { place: placeOf(parcel, speech) })}</p>}
      {code && !bankKnows && <p class="warning">{t('me_delegateSoon', { name })}</p>}
    </>
  )
}

function Revoke({ delegate, changed }: { delegate: Delegate; changed: () => void }) {
  const { t } = useSpeech()
  const { send, problem } = useSend()
  const revoke = async () => (await send(`/api/delegates/${delegate.id}/revoke`)) && changed()
  return (
    <>
      <Problem reason={problem} />
      <button type="button" onClick={revoke}>
        {t('me_delegateRevoke', { name: delegate.name })}
      </button>
    </>
  )
}
