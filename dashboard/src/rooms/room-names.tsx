import { useState } from 'preact/hooks'
import type { Names } from '../../../schema/api/rooms.ts'
import { ActForm } from '../counter/act-form.tsx'
import { useSpeech } from '../i18n/words.ts'

/** Names only for a reason, which is kept. */
export function RoomNames({ roomId, day, clock }: { roomId: string; day: string; clock: (iso: string) => string }) {
  const { t } = useSpeech()
  const [names, setNames] = useState<Names>()
  return (
    <details>
      <summary>{t('rm_names')}</summary>
      <p>{t('rm_namesWhy')}</p>
      <ActForm<Names> path={`/api/rooms/${roomId}/names`} more={{ day }} act={t('rm_namesDo')} done={setNames} />
      <ul class="found" aria-live="polite">
        {names?.items.map(({ bookingId, workshopId, residentId, as, name, from, until, entered, inside }) => (
          <li key={`${bookingId ?? workshopId} ${residentId} ${from}`}>
            <strong>
              <bdi>{name}</bdi>
            </strong>{' '}
            · {clock(from)}–{clock(until)} · {t(`rm_as_${as}`)}
            {entered && ` · ✓ ${t('rm_entered')}`}
            {inside && ` · ● ${t('rm_isInside')}`}
          </li>
        ))}
      </ul>
    </details>
  )
}
