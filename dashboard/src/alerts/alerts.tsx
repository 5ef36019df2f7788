import { useState } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useAttentionList } from '../site-live.tsx'
import { useNarrow } from '../use-narrow.ts'
import { AlertCard, cardId } from './alert-card.tsx'
import { useSound } from './sound.ts'
import { useNews } from './use-news.ts'
import { wordsOf } from './words-of.ts'

type Props = { siteId: string; choose: (doorId: string) => void }

/** What needs somebody, before anything else: the most urgent first, and who sees to it. */
export function Alerts({ siteId, choose }: Props) {
  const speech = useSpeech()
  const { t } = speech
  const { list, problem, load } = useAttentionList()
  const sound = useSound()
  const news = useNews(list?.items, sound.ring)
  const [all, setAll] = useState(false)
  const items = list?.items ?? []
  // more of them would push the wall out of sight
  const atFirst = useNarrow() ? 2 : 4
  const shown = all ? items : items.slice(0, atFirst)

  const said =
    news.length === 1
      ? t('at_new', { what: `${wordsOf(news[0]!, speech).title}, ${wordsOf(news[0]!, speech).place}` })
      : news.length > 1
        ? t('at_news', { n: news.length })
        : ''
  return (
    <section class="alerts" aria-labelledby="alerts-title">
      <div class="alerts-head">
        <h2 id="alerts-title">
          {t('at_title')} {list && <span class="count">{items.length + list.left}</span>}
        </h2>
        <button type="button" aria-pressed={sound.on} onClick={sound.turn}>
          {t(sound.on ? 'at_soundOn' : 'at_soundOff')}
        </button>
        {items.length > atFirst && (
          <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? t('at_fewer') : t('at_more', { n: items.length })}
          </button>
        )}
        {sound.waits && <small>{t('at_soundWaits')}</small>}
      </div>
      <p class="said" role="status">
        {said}
      </p>
      <Problem reason={problem} />
      {list && items.length === 0 && !problem && (
        <p>
          <span aria-hidden="true">✔</span> {t('at_none')}
        </p>
      )}
      <ul>
        {shown.map(item => (
          <li key={cardId(item)} class={`alert alert-${item.kind}`}>
            <AlertCard item={item} siteId={siteId} choose={choose} done={load} />
          </li>
        ))}
      </ul>
      {all && list && list.left > 0 && <p>{t('at_left', { n: list.left })}</p>}
    </section>
  )
}
