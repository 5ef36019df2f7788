import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { AttentionItem } from '../../../schema/api/attention.ts'
import { gatherNews } from './gather-news.ts'

/** The last burst of alerts that were not there before; `ring` is called with it. */
export function useNews(items: AttentionItem[] | undefined, ring: () => void): AttentionItem[] {
  const [news, setNews] = useState<AttentionItem[]>([])
  const bell = useRef(ring)
  bell.current = ring
  const { hear, stop } = useMemo(
    () =>
      gatherNews(found => {
        setNews(found)
        bell.current()
      }),
    [],
  )
  useEffect(() => {
    if (items) hear(items)
  }, [items])
  useEffect(() => stop, [])
  return news
}
