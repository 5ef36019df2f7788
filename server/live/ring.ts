/** The last changes of a site, by number, bounded in count and bytes. */
export type Ring<T extends { n: number }> = {
  add(item: T, bytes: number): void
  /** everything after `n`, or undefined when some of it is gone or `n` was never reached */
  after(n: number): T[] | undefined
}

export function makeRing<T extends { n: number }>({ most, mostBytes }: { most: number; mostBytes: number }): Ring<T> {
  const items: { item: T; bytes: number }[] = []
  let total = 0
  let last = 0
  return {
    add(item, bytes) {
      items.push({ item, bytes })
      total += bytes
      last = item.n
      while (items.length > most || (total > mostBytes && items.length > 0)) total -= items.shift()!.bytes
    },
    after(n) {
      if (n > last || n < 0) return undefined
      const first = items[0]?.item.n ?? last + 1
      if (n < first - 1) return undefined
      return items.filter(({ item }) => item.n > n).map(({ item }) => item)
    },
  }
}
