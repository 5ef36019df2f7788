import type { ComponentChildren } from 'preact'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'

type Props<T> = {
  path: string
  /** what the button says */
  act: string
  done: (answer: T) => void
  /** members of the request beside what the form holds */
  more?: object
  children?: ComponentChildren
  /** the name of the member that says why */
  why?: 'reason' | 'note'
}

/** Something done with a reason, which is kept in the history. */
export function ActForm<T>({ path, act, done, more = {}, children, why = 'reason' }: Props<T>) {
  const { t } = useSpeech()
  const { send, busy, problem } = useSend()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const filled = [...new FormData(form)].filter(([, value]) => value !== '')
    const answer = await send<T>(path, { ...Object.fromEntries(filled), ...more })
    if (answer === undefined) return
    form.reset()
    done(answer)
  }

  return (
    <form onSubmit={submit}>
      {children}
      <label>
        {t(why)}
        <input name={why} required maxLength={500} />
      </label>
      <Problem reason={problem} />
      <button type="submit" class="main" aria-busy={busy}>
        {act}
      </button>
    </form>
  )
}
