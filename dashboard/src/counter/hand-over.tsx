import { useSpeech } from '../i18n/words.ts'
import { ActForm } from './act-form.tsx'

/** From the shelf: to whom it is for, or back to its carrier. */
export function HandOver({ to, path, done }: { to: 'resident' | 'carrier'; path: string; done: () => void }) {
  const { t } = useSpeech()
  return (
    <details name="act">
      <summary>{t(`handOver_${to}`)}</summary>
      <ActForm path={path} more={{ to }} act={t(`handOver_${to}`)} done={done} />
    </details>
  )
}
