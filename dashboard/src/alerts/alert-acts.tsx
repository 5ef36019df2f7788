import type { AttentionItem } from '../../../schema/api/attention.ts'
import { ActForm } from '../counter/act-form.tsx'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useMay } from '../role.ts'
import { useSend } from '../send.ts'

export type Acts = { item: AttentionItem; siteId: string; choose: (doorId: string) => void; done: () => void }

/** What can be done about it from here, as far as this person may. */
export function AlertActs({ item, siteId, choose, done }: Acts) {
  const { t } = useSpeech()
  const may = useMay()
  const { kind, id, doorId, parcelId, receipt } = item
  const door = (word: 'at_showDoor' | 'at_openAndLook') =>
    doorId && (
      <button type="button" onClick={() => choose(doorId)}>
        {t(word)}
      </button>
    )
  const settle = (path: string, more: object = {}) => (
    <ActForm path={path} more={more} why="note" act={t('settle')} done={done} />
  )
  switch (kind) {
    case 'forced':
    case 'held-open':
      return (
        <>
          {door('at_showDoor')}
          {may('help') && <ActForm path={`/api/doors/${id}/end-alarm`} act={t('alarmOver')} done={done} />}
        </>
      )
    case 'jammed':
      return (
        <>
          {door('at_showDoor')}
          {may('decide') && item.doorKind === 'compartment' && (
            <ActForm path={`/api/doors/${id}/retire`} act={t('retireBox')} done={done} />
          )}
        </>
      )
    case 'contested':
      return door('at_openAndLook')
    case 'told':
      return (
        <>
          <ToCounter part="alerts" />
          {settle(`/api/alerts/${id}/settle`)}
        </>
      )
    case 'suspect':
      return (
        <>
          {door('at_showDoor')}
          {settle('/api/suspects/settle', { siteId, n: Number(id) })}
        </>
      )
    case 'notice-dead':
      return (
        <>
          <ToCounter part="alerts" />
          <Retry id={id} done={done} />
          {settle(`/api/notices/${id}/settle`)}
        </>
      )
    case 'overdue':
      return (
        <>
          {door('at_showDoor')}
          {receipt && <ToCounter q={receipt} />}
          <ActForm path={`/api/parcels/${parcelId}/extend`} act={t('extend')} done={done} />
        </>
      )
    case 'keypad-locked':
    case 'offline':
    case 'doubtful':
      return null
    default:
      kind satisfies never
      return null
  }
}

/** Where names and flats are, and what else can be done. */
function ToCounter({ q, part }: { q?: string; part?: string }) {
  const { t } = useSpeech()
  return <a href={q ? `/counter?q=${encodeURIComponent(q)}` : `/counter#${part}`}>{t('at_toCounter')}</a>
}

function Retry({ id, done }: { id: string; done: () => void }) {
  const { t } = useSpeech()
  const { send, busy, problem } = useSend()
  const retry = async () => (await send(`/api/notices/${id}/retry`)) && done()
  return (
    <>
      <Problem reason={problem} />
      <button type="button" onClick={retry} aria-busy={busy}>
        {t('noticeRetry')}
      </button>
    </>
  )
}
