import { useRef } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import type { Card } from './member-card.tsx'
import { ResidentFields, residentIn } from './resident-fields.tsx'

type Made = { id: string; memberNumber: string; pin: string }

/** Somebody who moved in; their card with the PIN is shown once. */
export function AddResident({ siteId, show }: { siteId: string; show: (card: Card) => void }) {
  const { t } = useSpeech()
  const { send, busy, problem, field } = useSend()
  const form = useRef<HTMLFormElement>(null)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const person = residentIn(form.current!)
    const pin = String(new FormData(form.current!).get('pin') ?? '') || undefined
    const made = await send<Made>('/api/residents', { siteId, ...person, pin })
    if (!made) return
    form.current?.reset()
    show({ ...made, name: person.name, flat: person.flat })
  }

  return (
    <form ref={form} class="panel" aria-label={t('re_add')} onSubmit={submit}>
      <ResidentFields wrong={field} />
      <label>
        {t('re_pin')}
        <input name="pin" inputMode="numeric" pattern="[0-9]{4,12}" maxLength={12} autocomplete="off" />
        <small>{t('re_pinHint')}</small>
      </label>
      <Problem reason={problem} />
      <button type="submit" class="main" aria-busy={busy}>
        {t('re_addDo')}
      </button>
    </form>
  )
}
