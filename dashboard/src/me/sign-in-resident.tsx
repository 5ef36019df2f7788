import { useRef, useState } from 'preact/hooks'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'

const ways = ['email', 'sms', 'voice'] as const
type Way = (typeof ways)[number]

/** Member number and PIN, or a code that is sent and works once. */
export function SignInResident({ done }: { done: () => void }) {
  const { t } = useSpeech()
  const [reason, setReason] = useState<string>()
  const [by, setBy] = useState<'pin' | 'code'>('pin')
  const [sent, setSent] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const busy = useRef(false)
  const secret = by === 'pin' ? 'pin' : 'oneTimeCode'

  async function once(work: () => Promise<unknown>) {
    if (busy.current) return
    busy.current = true
    setReason(undefined)
    try {
      await work()
    } catch (error) {
      const refused = reasonOf(error)
      const wrong = by === 'pin' ? 'wrong-sign-in-me' : 'wrong-code-me'
      setReason(refused === 'wrong-sign-in' ? wrong : refused)
    } finally {
      busy.current = false
    }
  }

  const typed = (name: string) => String(new FormData(form.current!).get(name) ?? '').replaceAll(' ', '')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (by === 'code' && !sent) return
    void once(async () => {
      await ask('POST', '/api/sessions', { memberNumber: typed('memberNumber'), [secret]: typed(secret) })
      done()
    })
  }
  const send = (way: Way) => {
    if (!form.current?.reportValidity()) return
    void once(async () => {
      await ask('POST', '/api/sign-in-codes', { memberNumber: typed('memberNumber'), by: way })
      setSent(true)
    })
  }
  const turn = () => {
    setReason(undefined)
    setSent(false)
    setBy(by === 'pin' ? 'code' : 'pin')
  }

  return (
    <form class="sign-in" onSubmit={submit} ref={form}>
      <h2>{t('me_signIn')}</h2>
      <label>
        {t('me_memberNumber')}
        <input
          name="memberNumber"
          inputMode="numeric"
          autocomplete="username"
          required
          maxLength={20}
          aria-describedby="member-hint"
        />
      </label>
      <small id="member-hint">{t('me_memberHint')}</small>
      {by === 'pin' && <Pin />}
      {by === 'code' && !sent && <Ways send={send} />}
      <p role="status">{sent && t('me_codeSent')}</p>
      {sent && (
        <label>
          {t('me_oneTimeCode')}
          <input name="oneTimeCode" inputMode="numeric" autocomplete="one-time-code" required maxLength={20} />
        </label>
      )}
      <Problem reason={reason} />
      {(by === 'pin' || sent) && (
        <button type="submit" class="main">
          {t('me_signIn')}
        </button>
      )}
      <button type="button" onClick={turn}>
        {t(by === 'pin' ? 'me_codeInstead' : 'me_pinInstead')}
      </button>
    </form>
  )
}

function Pin() {
  const { t } = useSpeech()
  return (
    <>
      <label>
        {t('me_pin')}
        <input name="pin" type="password" inputMode="numeric" autocomplete="current-password" required maxLength={32} />
      </label>
      <small>{t('me_forgot')}</small>
    </>
  )
}

function Ways({ send }: { send: (way: Way) => void }) {
  const { t } = useSpeech()
  return (
    <>
      <p>{t('me_codeWhy')}</p>
      {ways.map(way => (
        <button key={way} type="button" class="main" onClick={() => send(way)}>
          {t(`me_codeBy_${way}`)}
        </button>
      ))}
    </>
  )
}
