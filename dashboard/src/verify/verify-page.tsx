import { useRef, useState } from 'preact/hooks'
import { proofBytesAtMost } from '../../../schema/api/proof.ts'
import { useSpeech } from '../i18n/words.ts'
import { checkProof, type Verdict } from './check-proof.ts'
import { Judged } from './judged.tsx'

/** Checks a proof in the browser alone: what is dropped here is sent nowhere. */
export function VerifyPage() {
  const { t } = useSpeech()
  const [verdict, setVerdict] = useState<Verdict>()
  const [isChecking, setIsChecking] = useState(false)
  const [isOver, setIsOver] = useState(false)
  const newest = useRef(0)

  async function check(read: () => Promise<string>) {
    const mine = ++newest.current
    setIsChecking(true)
    const said = await read().then(checkProof, (): Verdict => ({ holds: false, problem: 'unreadable' }))
    // another file was given meanwhile
    if (mine !== newest.current) return
    setIsChecking(false)
    setVerdict(said)
  }
  const checkFile = (file: File | null | undefined) => {
    // not read at all: it may be as large as a disk
    const text = async () => (file!.size > proofBytesAtMost ? ' '.repeat(proofBytesAtMost + 1) : file!.text())
    if (file) void check(text)
  }
  function drop(event: DragEvent) {
    event.preventDefault()
    setIsOver(false)
    checkFile(event.dataTransfer?.files[0])
  }
  function dragOver(event: DragEvent) {
    event.preventDefault()
    setIsOver(true)
  }
  function submit(event: SubmitEvent) {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget as HTMLFormElement).get('text'))
    void check(async () => text)
  }

  // browsers keep their cryptography for pages that came over HTTPS
  if (!crypto.subtle) return <p role="alert">{t('pf_insecure')}</p>
  return (
    <section class="looking-back verify">
      <h2>{t('pf_title')}</h2>
      <p>{t('pf_how')}</p>
      <form
        class={isOver ? 'card drop drop-over' : 'card drop'}
        onSubmit={submit}
        onDrop={drop}
        onDragOver={dragOver}
        onDragLeave={() => setIsOver(false)}
      >
        <label>
          {t('pf_file')}
          <input type="file" accept=".json,application/json" onChange={e => checkFile(e.currentTarget.files?.[0])} />
        </label>
        <label>
          {t('pf_text')}
          <textarea name="text" rows={4} required spellcheck={false} autocomplete="off" />
        </label>
        <button type="submit" class="main">
          {t('pf_check')}
        </button>
      </form>
      <p role="status">{isChecking && t('pf_checking')}</p>
      {verdict && <Judged verdict={verdict} />}
      <h3>{t('pf_proves')}</h3>
      <ul>
        <li>{t('pf_proves1')}</li>
        <li>{t('pf_proves2')}</li>
      </ul>
      <h3>{t('pf_not')}</h3>
      <ul>
        <li>{t('pf_not1')}</li>
        <li>{t('pf_not2')}</li>
        <li>{t('pf_not3')}</li>
        <li>{t('pf_not4')}</li>
      </ul>
    </section>
  )
}
