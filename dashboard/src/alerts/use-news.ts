import { useEffect, useRef, useState } from 'preact/hooks'
import type { AttentionItem } from '../../../schema/api/attention.ts'

/** A burst is told once. */
const gatherMs = 1_500

const keyOf = ({ kind, id }: AttentionItem) => `${kind}/${id}`

/** What was not there before, gathered for a moment; what is there when the page is opened is no news. */
export function useNews(items: AttentionItem[] | undefined, ring: () => void): AttentionItem[] {
  const known = useRef<Set<string>>()
  const gathered = useRef<AttentionItem[]>([])
  const [news, setNews] = useState<AttentionItem[]>([])
  const timer = useRef<ReturnType<typeof setTimeout>>()
  const bell = useRef(ring)
  bell.current = ring
  useEffect(() => {
    if (!items) return
    const before = known.current
    known.current = new Set(items.map(keyOf))
    if (!before) return
    const fresh = items.filter(each => !before.has(keyOf(each)) && !each.taken?.mine)
    if (fresh.length === 0) return
    gathered.current.push(...fresh)
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      setNews(gathered.current)
      gathered.current = []
      bell.current()
    }, gatherMs)
  }, [items])
  useEffect(() => () => clearTimeout(timer.current), [])
  return news
}
