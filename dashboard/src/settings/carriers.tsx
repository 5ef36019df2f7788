import { useState } from 'preact/hooks'
import { ActForm } from '../counter/act-form.tsx'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { useAnswer } from '../use-answer.ts'

type Carrier = { id: string; name: string; codeMadeAt: string }
type Told = { name: string; code: string }

/** Who brings parcels here; the code that their couriers sign in with is shown once. */
export function Carriers({ siteId }: { siteId: string }) {
  const { t, moment } = useSpeech()
  const { send, busy, problem } = useSend()
  const { answer, problem: unread, again } = useAnswer<{ items: Carrier[] }>(`/api/carriers?siteId=${siteId}`)
  const carriers = answer?.items
  const [told, setTold] = useState<Told>()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const name = String(new FormData(form).get('name')).trim()
    const made = await send<{ code: string }>('/api/carriers', { siteId, name })
    if (!made) return
    form.reset()
    setTold({ name, code: made.code })
    again()
  }

  return (
    <div class="banks">
      <Problem reason={unread} />
      <div role="status">
        {told && (
          <div class="panel">
            <p>
              {t('se_carrierCode')} <bdi>{told.name}</bdi>
            </p>
            <p class="code">{told.code}</p>
            <p class="warning">{t('se_carrierOnce')}</p>
          </div>
        )}
      </div>
      {carriers?.length === 0 && <p>{t('se_noCarriers')}</p>}
      {carriers?.map(({ id, name, codeMadeAt }) => (
        <section key={id} class="bank" aria-label={name}>
          <h2>
            <bdi>{name}</bdi>
          </h2>
          <p class="about">{t('se_codeSince', { time: moment(codeMadeAt) })}</p>
          <details>
            <summary>{t('se_newCode')}</summary>
            <p>{t('se_newCodeWhy')}</p>
            <ActForm<{ code: string }>
              path={`/api/carriers/${id}/code`}
              act={t('se_newCodeDo')}
              done={({ code }) => {
                setTold({ name, code })
                again()
              }}
            />
          </details>
          <details>
            <summary>{t('se_endCarrier')}</summary>
            <p>{t('se_endCarrierWhy')}</p>
            <ActForm path={`/api/carriers/${id}/end`} act={t('se_endCarrierDo')} done={again} />
          </details>
        </section>
      ))}
      <form class="panel" aria-label={t('se_addCarrier')} onSubmit={submit}>
        <label>
          {t('se_addCarrier')}
          <input name="name" required maxLength={200} autocomplete="off" />
        </label>
        <Problem reason={problem} />
        <button type="submit" class="main" aria-busy={busy}>
          {t('se_addCarrierDo')}
        </button>
      </form>
    </div>
  )
}
