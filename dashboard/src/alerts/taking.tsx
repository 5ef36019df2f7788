import type { AttentionItem } from '../../../schema/api/attention.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'

type Props = { item: AttentionItem; siteId: string; about: string; done: () => void }

/** Who sees to it, for all to see; and one press to be that one. `about`: the id of its title. */
export function Taking({ item, siteId, about, done }: Props) {
  const { t, moment } = useSpeech()
  const { kind, id, taken } = item
  // whoever was a moment earlier is shown, so that it can be taken over knowingly
  const { send, busy, problem } = useSend()
  async function press() {
    const what = taken?.mine ? 'release' : 'take'
    await send(`/api/attention/${what}`, { siteId, kind, id, ...(taken && !taken.mine ? { over: true } : {}) })
    done()
  }
  const word = taken ? (taken.mine ? 'at_release' : 'at_over') : 'at_take'
  return (
    <div class="taking">
      {taken && (
        <p class={taken.mine ? 'taken mine' : 'taken'}>
          <span aria-hidden="true">☞</span>{' '}
          {taken.mine
            ? t('at_mine', { time: moment(taken.at) })
            : t('at_taken', { name: taken.by, time: moment(taken.at) })}
        </p>
      )}
      <button type="button" onClick={press} aria-busy={busy} aria-describedby={about}>
        {t(word)}
      </button>
      <Problem reason={problem} />
    </div>
  )
}
