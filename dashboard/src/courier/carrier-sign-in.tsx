import { useState } from 'preact/hooks'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'

type Props = { siteId: string; bankId: string; done: () => void }

/**
 * No account and no address: the code that the caretaker gave the carrier for this site. Also what the tablet of a bank
 * shows when nobody is at it.
 */
export function CarrierSignIn({ siteId, bankId, done }: Props) {
  const { t } = useSpeech()
  const [reason, setReason] = useState<string>()
  const [busy, setBusy] = useState(false)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const carrierCode = new FormData(event.currentTarget as HTMLFormElement).get('carrierCode')
    setBusy(true)
    setReason(undefined)
    await ask('POST', '/api/sessions', { carrierCode, siteId }).then(done, error => {
      const why = reasonOf(error)
      setReason(why === 'wrong-sign-in' ? 'wrong-carrier-code' : why)
    })
    setBusy(false)
  }

  return (
    <form class="sign-in" onSubmit={submit}>
      <h2>{t('courierWelcome')}</h2>
      <label>
        {t('carrierCode')}
        <input name="carrierCode" autocomplete="off" autocapitalize="characters" required maxLength={64} />
      </label>
      <small>{t('carrierCodeHint')}</small>
      <Problem reason={reason} />
      <button type="submit" class="main" disabled={busy}>
        {t('start')}
      </button>
      {bankId && <a href={`/bank/${bankId}#problem`}>{t('here_toTrouble')}</a>}
    </form>
  )
}
