import type { Notice } from '../../../schema/api/notices.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { ActForm } from './act-form.tsx'
import { useItems } from './use-items.ts'

/** What residents could not be told, however often it was tried. */
export function DeadNotices({ siteId }: { siteId: string }) {
  const { t } = useSpeech()
  const { items, problem, again } = useItems<Notice>(`/api/notices?siteId=${siteId}&state=dead`, '')
  return (
    <section class="banks" aria-labelledby="notices">
      <h2 id="notices">{t('notices')}</h2>
      <Problem reason={problem} />
      <p role="status">{items && t(items.length === 0 ? 'noticeNone' : 'noticeWhy')}</p>
      <ul class="suspects">
        {items?.map(notice => (
          <li key={notice.id} class="bank">
            <DeadNotice notice={notice} changed={again} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function DeadNotice({ notice, changed }: { notice: Notice; changed: () => void }) {
  const { t, of, moment } = useSpeech()
  const { send, busy, problem } = useSend()
  const { id, kind, channel, flat, receipt, tries, lastProblem, madeAt } = notice
  const retry = async () => (await send(`/api/notices/${id}/retry`, {})) && changed()
  return (
    <>
      <h3>
        {t('flat', { flat })} · {of('notice', kind)}
      </h3>
      <p>
        <time dateTime={madeAt}>{moment(madeAt)}</time>
        {receipt && ` · ${t('receipt', { n: receipt })}`}
      </p>
      <p>{t('noticeTries', { channel: of('channel', channel), n: tries, problem: lastProblem ?? '–' })}</p>
      <Problem reason={problem} />
      <button type="button" onClick={retry} aria-busy={busy}>
        {t('noticeRetry')}
      </button>
      <ActForm path={`/api/notices/${id}/settle`} why="note" act={t('settle')} done={changed} />
    </>
  )
}
