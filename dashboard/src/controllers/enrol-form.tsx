import { useState } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { DrawnBank } from './drawn-bank.tsx'
import { readDoors } from './read-doors.ts'
import type { Credentials } from './secrets.tsx'

/** what somebody still looks at */
const mostDrawn = 120

/** A new controller with the doors that the site expects of it. */
export function EnrolForm({ siteId, show }: { siteId: string; show: (told: Credentials) => void }) {
  const { t, count } = useSpeech()
  const { send, busy, problem, field } = useSend()
  const [text, setText] = useState('')
  const [doorSensor, setDoorSensor] = useState(true)
  const [occupancySensor, setOccupancySensor] = useState(false)
  const { doors, wrong, twice } = readDoors(text, { doorSensor, occupancySensor })

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const [id, name] = [String(form.get('id')).trim(), String(form.get('name')).trim()]
    const told = await send<Credentials>('/api/controllers', { id, siteId, name, doors })
    if (told) show(told)
  }

  return (
    <form class="panel" aria-label={t('ct_enrol')} onSubmit={submit}>
      <label>
        {t('ct_id')}
        <input name="id" required pattern="[a-z0-9][a-z0-9\-]{1,62}" maxLength={63} autocomplete="off" />
        <small>{t('ct_idHint')}</small>
      </label>
      <label>
        {t('name')}
        <input name="name" required maxLength={200} autocomplete="off" />
      </label>
      <label>
        {t('ct_doors')}
        <textarea
          name="doors"
          required
          rows={5}
          value={text}
          aria-describedby="doors-hint doors-read"
          onInput={event => setText(event.currentTarget.value)}
        />
        <small id="doors-hint">{t('ct_doorsHint')}</small>
      </label>
      <label class="choice">
        <input type="checkbox" checked={doorSensor} onChange={event => setDoorSensor(event.currentTarget.checked)} />{' '}
        {t('ct_doorSensor')}
      </label>
      <label class="choice">
        <input
          type="checkbox"
          checked={occupancySensor}
          onChange={event => setOccupancySensor(event.currentTarget.checked)}
        />{' '}
        {t('ct_occupancySensor')}
      </label>
      <p id="doors-read" role="status">
        {text !== '' && count('ct_read', doors.length)}
        {wrong.length > 0 && ` ${t('ct_readWrong', { parts: wrong.join(' · ') })}`}
        {twice.length > 0 && ` ${t('ct_twice', { doors: twice.join(', ') })}`}
      </p>
      {doors.length > 0 && <DrawnBank doors={doors.slice(0, mostDrawn)} />}
      {problem === 'already-there' ? <p class="problem">{t('ct_idTaken')}</p> : <Problem reason={problem} />}
      {field === 'id' && problem === 'invalid' && <p class="problem">{t('ct_idHint')}</p>}
      <button
        type="submit"
        class="main"
        aria-busy={busy}
        disabled={doors.length === 0 || wrong.length + twice.length > 0}
      >
        {t('ct_enrolDo')}
      </button>
    </form>
  )
}
