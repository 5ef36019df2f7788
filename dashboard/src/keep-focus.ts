/**
 * What had the focus is over and gone: the next key goes on from the heading of what it stood in, not from the top of the
 * page (WCAG 2.4.3). A part that knows better where to go on focuses that itself, before this is asked.
 */
export function keepFocus(root: HTMLElement): void {
  /** what has the focus, then what it stands in */
  let held: Element[] = []
  document.addEventListener('focusin', ({ target }) => {
    held = []
    for (let each = target as Element | null; each && each !== document.body; each = each.parentElement) held.push(each)
  })
  // a press beside everything leaves it on purpose
  document.addEventListener('pointerdown', () => {
    held = []
  })
  new MutationObserver(() => {
    if (held.length === 0 || held[0]!.isConnected || document.activeElement !== document.body) return
    const left = held.filter(each => each.isConnected)
    held = []
    for (const each of left) {
      const heading = each.querySelector<HTMLElement>('h1, h2, h3')
      if (!heading) continue
      heading.tabIndex = -1
      heading.focus()
      return
    }
  }).observe(root, { childList: true, subtree: true })
}
