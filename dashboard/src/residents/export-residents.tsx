import { useState } from 'preact/hooks'
import { ActForm } from '../counter/act-form.tsx'
import { useSpeech } from '../i18n/words.ts'
import { saveFile } from '../save-file.ts'

/** A file for a spreadsheet, which an import understands again. */
export function ExportResidents({ siteId }: { siteId: string }) {
  const { t } = useSpeech()
  const [isDone, setIsDone] = useState(false)
  function save(file: Blob) {
    saveFile(file, `${t('residents')}.csv`)
    setIsDone(true)
  }
  return (
    <section class="panel" aria-label={t('re_part_export')}>
      <p>{t('re_exportWhy')}</p>
      <ActForm<Blob> path="/api/residents/export" more={{ siteId }} act={t('re_exportDo')} done={save} />
      <p role="status">{isDone && t('re_exported')}</p>
    </section>
  )
}
