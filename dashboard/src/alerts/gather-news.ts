import type { AttentionItem } from '../../../schema/api/attention.ts'

/** A burst is told once. */
export const gatherMs = 1_500

const keyOf = ({ kind, id }: AttentionItem) => `${kind}/${id}`

/** What was not in the list before, gathered for `gatherMs`; what is in the first list is no news, nor what oneself has taken. */
export function gatherNews(tell: (news: AttentionItem[]) => void) {
  let known: Set<string> | undefined
  let gathered: AttentionItem[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  function told(): void {
    const news = gathered
    gathered = []
    timer = undefined
    tell(news)
  }
  return {
    stop: () => clearTimeout(timer),
    hear(items: AttentionItem[]): void {
      const before = known
      known = new Set(items.map(keyOf))
      if (!before) return
      const fresh = items.filter(each => !before.has(keyOf(each)) && !each.taken?.mine)
      if (fresh.length === 0) return
      gathered.push(...fresh)
      timer ??= setTimeout(told, gatherMs)
    },
  }
}
