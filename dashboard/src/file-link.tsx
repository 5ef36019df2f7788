import { useRef, useState } from 'preact/hooks'
import { askFile, reasonOf } from './api.ts'
import { useSpeech } from './i18n/words.ts'
import { Problem } from './problem.tsx'
import { saveFile } from './save-file.ts'

/** A file to keep, fetched by the page: of one that is refused the browser would only say that its download failed. */
export function FileLink({ path, words }: { path: string; words: string }) {
  const { t } = useSpeech()
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const running = useRef(false)

  async function take(event: Event) {
    event.preventDefault()
    if (running.current) return
    running.current = true
    setBusy(true)
    setProblem(undefined)
    try {
      const file = await askFile(path)
      saveFile(file, file.name)
    } catch (error) {
      setProblem(reasonOf(error))
    } finally {
      running.current = false
      setBusy(false)
    }
  }

  return (
    <div>
      <a href={path} download onClick={take}>
        {words}
      </a>
      <span role="status">{busy && ` ${t('pf_fetching')}`}</span>
      <Problem reason={problem} />
    </div>
  )
}
