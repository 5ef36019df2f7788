import { useRef, useState } from 'preact/hooks'
import type { ResidentsImported, ResidentsPreview } from '../../../schema/api/residents.ts'
import type { Refused } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { FilePreview } from './file-preview.tsx'
import { type Encoding, encodingOf, encodings, isWorkbook, textOf } from './read-file.ts'

type Chosen = { name: string; bytes: Uint8Array; encoding: Encoding }

/** First looked at: nothing is written before "import", and then all of it or nothing. */
export function ImportResidents({ siteId }: { siteId: string }) {
  const speech = useSpeech()
  const { t, count } = speech
  const look = useSend()
  const take = useSend()
  const [chosen, setChosen] = useState<Chosen>()
  const [preview, setPreview] = useState<ResidentsPreview>()
  const [why, setWhy] = useState('')
  const [skipWrong, setSkipWrong] = useState(false)
  const [done, setDone] = useState<ResidentsImported>()
  const field = useRef<HTMLInputElement>(null)

  async function show(next: Chosen) {
    setChosen(next)
    setPreview(undefined)
    setDone(undefined)
    setSkipWrong(false)
    setWhy('')
    const tell = ({ reason, details }: Refused) => setWhy(fileProblem(reason, details, speech))
    const instead = { 'no-columns': tell, 'quote-open': tell, 'too-many-rows': tell, 'too-large': tell, invalid: tell }
    const text = textOf(next.bytes, next.encoding)
    setPreview(await look.send<ResidentsPreview>('/api/residents/preview', { siteId, text }, instead))
  }

  async function choose(event: Event) {
    const file = (event.currentTarget as HTMLInputElement).files?.[0]
    if (!file) return
    const bytes = new Uint8Array(await file.arrayBuffer())
    if (isWorkbook(bytes)) {
      setPreview(undefined)
      return setWhy(t('re_file_workbook'))
    }
    await show({ name: file.name, bytes, encoding: encodingOf(bytes) })
  }

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!chosen) return
    const body = { siteId, text: textOf(chosen.bytes, chosen.encoding), skipWrong }
    const answer = await take.send<ResidentsImported>('/api/residents/import', body)
    if (!answer) return
    setDone(answer)
    setPreview(undefined)
    if (field.current) field.current.value = ''
  }

  const wrong = preview?.counts.wrong ?? 0
  const added = preview?.counts.new ?? 0
  return (
    <section class="import" aria-label={t('re_part_import')} aria-busy={look.busy || take.busy}>
      <p>{t('re_importWhy')}</p>
      <label class="file">
        {t('re_file')}
        <input ref={field} type="file" accept=".csv,.tsv,.txt,text/csv" onChange={choose} />
      </label>
      {chosen && !done && (
        <label>
          {t('re_readAs', { name: chosen.name })}{' '}
          <select
            value={chosen.encoding}
            onChange={event => show({ ...chosen, encoding: event.currentTarget.value as Encoding })}
          >
            {encodings.map(each => (
              <option key={each} value={each}>
                {t(`re_encoding_${each}`)}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class="problem" role="alert">
        {why}
      </p>
      <Problem reason={look.problem ?? take.problem} />
      {preview && <FilePreview of={preview} />}
      {preview && (
        <form onSubmit={submit}>
          {wrong > 0 && (
            <label class="choice">
              <input
                type="checkbox"
                checked={skipWrong}
                onChange={event => setSkipWrong(event.currentTarget.checked)}
              />{' '}
              {count('re_skip', wrong)}
            </label>
          )}
          <button type="submit" class="main" aria-busy={take.busy} disabled={added === 0 || (wrong > 0 && !skipWrong)}>
            {count('re_importDo', added)}
          </button>
        </form>
      )}
      <p role="status">{done && `${count('re_imported', done.added)} ${t('re_importedNext')}`}</p>
    </section>
  )
}

type Details = { missing?: ('flat' | 'name')[]; found?: string[]; row?: number; most?: number }

function fileProblem(reason: string, details: unknown, { t }: ReturnType<typeof useSpeech>): string {
  const { missing = [], found = [], row = 0, most = 0 } = (details ?? {}) as Details
  const names = missing.map(each => t(`re_missing_${each}`)).join(', ')
  if (reason === 'no-columns') return t('re_file_columns', { missing: names, found: found.filter(Boolean).join(' | ') })
  if (reason === 'quote-open') return t('re_file_quote', { row })
  if (reason === 'too-many-rows') return t('re_file_rows', { most })
  return t(reason === 'too-large' ? 're_file_large' : 're_file_unreadable')
}
