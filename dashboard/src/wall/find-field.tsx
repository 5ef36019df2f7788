import { useSpeech } from '../i18n/words.ts'

type Props = {
  text: string
  change: (text: string) => void
  /** undefined: nothing is looked for */
  found: number | undefined
  /** to the first that is marked */
  go: () => void
}

export const findFieldId = 'wall-find'

export function FindField({ text, change, found, go }: Props) {
  const { t, count } = useSpeech()

  function submit(event: SubmitEvent) {
    event.preventDefault()
    go()
  }

  return (
    <search>
      <form class="find-door" onSubmit={submit}>
        <label>
          {t('wl_find')}
          <input
            id={findFieldId}
            type="search"
            value={text}
            maxLength={40}
            autocomplete="off"
            onInput={event => change(event.currentTarget.value)}
            onKeyDown={event => event.key === 'Escape' && change('')}
          />
        </label>
        <p role="status">
          {found === 0 && text.trim() !== '' && <a href="/counter">{t('wl_notHere')}</a>}
          {found !== undefined && (found > 0 || text.trim() === '') && count('wl_marked', found)}
        </p>
      </form>
    </search>
  )
}
