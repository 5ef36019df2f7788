/** A page that nobody looks at is given no pictures: it takes what came once a second. */
const hiddenMs = 1_000

/** Hands over together what came since the last picture: a screen shows 60 a second, whatever comes meanwhile. */
export function gather<T>(take: (items: T[]) => void) {
  let items: T[] = []
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function stop(): void {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
  function hand(): void {
    stop()
    const taken = items
    items = []
    take(taken)
  }
  return {
    stop,
    add(item: T): void {
      items.push(item)
      if (items.length > 1) return
      frame = requestAnimationFrame(hand)
      timer = setTimeout(hand, hiddenMs)
    },
  }
}
