import { useState } from 'preact/hooks'
import type { AttentionItem, AttentionKind } from '../../../schema/api/attention.ts'
import { useSpeech } from '../i18n/words.ts'
import { type Acts, AlertActs } from './alert-acts.tsx'
import { Taking } from './taking.tsx'
import { wordsOf } from './words-of.ts'

/** Beside colour and words, for who cannot tell the colours apart. */
const shapes: Record<AttentionKind, string> = {
  ...{ forced: '✖', jammed: '✖', 'held-open': '◨', told: '✉', contested: '⚠', 'keypad-locked': '▦' },
  ...{ offline: '○', doubtful: '?', suspect: '⚠', 'notice-dead': '✉', overdue: '◆' },
}

export const cardId = ({ kind, id }: AttentionItem): string => `alert-${kind}-${id}`

/** One line; unfolded: what happened, what to do, and its buttons. */
export function AlertCard(props: Acts) {
  const { item, siteId, done } = props
  const speech = useSpeech()
  const [open, setOpen] = useState(false)
  const { title, place, happened, todo } = wordsOf(item, speech)
  const titleId = `${cardId(item)}-title`
  return (
    <>
      <details open={open} onToggle={event => setOpen(event.currentTarget.open)}>
        <summary id={titleId}>
          <span class="shape" aria-hidden="true">
            {shapes[item.kind]}
          </span>{' '}
          <strong>{title}</strong> <span>{place}</span>{' '}
          {item.at && <small>{speech.t('at_since', { time: speech.moment(item.at) })}</small>}
        </summary>
        {open && (
          <div class="unfolded">
            <p>{happened}</p>
            <p>
              <strong>{todo}</strong>
            </p>
            <AlertActs {...props} />
          </div>
        )}
      </details>
      <Taking item={item} siteId={siteId} about={titleId} done={done} />
    </>
  )
}
