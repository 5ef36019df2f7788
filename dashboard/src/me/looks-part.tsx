import { useEffect, useState } from 'preact/hooks'
import type { OwnLook } from '../../../schema/api/name-looks.ts'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'

/** Who of those who work here saw this resident's name, when and why; asked for when it is opened. */
export function LooksPart({ timeZone }: { timeZone: string }) {
  const { t, locale } = useSpeech()
  const [isOpen, setOpen] = useState(false)
  const [looks, setLooks] = useState<OwnLook[]>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    if (!isOpen) return
    setProblem(undefined)
    ask<{ items: OwnLook[] }>('GET', '/api/me/looks').then(
      ({ items }) => setLooks(items),
      error => setProblem(reasonOf(error)),
    )
  }, [isOpen])
  const when = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'long', timeStyle: 'short' })
  return (
    <details class="panel looks" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{t('lk_title')}</summary>
      <p>{t('lk_why')}</p>
      <Problem reason={problem} />
      {looks?.length === 0 && <p>{t('lk_none')}</p>}
      <ul class="past">
        {looks?.map(({ at, how, role, room, reason }) => (
          <li key={`${at} ${how} ${role}`}>
            {t('lk_when', { when: when.format(new Date(at)) })}{' '}
            {t(`lk_${how}`, { who: t(`lk_by_${role}`), room: room ?? '–' })}
            {reason && (
              <>
                {' '}
                {t('lk_because')}{' '}
                <q>
                  <bdi>{reason}</bdi>
                </q>
              </>
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}
