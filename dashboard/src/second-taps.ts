const soonMs = 500
const nearPx = 24

/**
 * The second half of a double tap, and a key held down, were meant for what the first press has done already; by now
 * something else may be there. Browsers count clicks at one place (UI Events, `detail`); for touches not all of them do.
 */
export function ignoreSecondTaps(): void {
  let last = { at: Number.NEGATIVE_INFINITY, x: 0, y: 0 }
  let isSecond = false
  const ignore = (event: Event) => {
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  const touched = ({ pointerType, timeStamp: at, clientX: x, clientY: y }: PointerEvent) => {
    const isNear = Math.hypot(x - last.x, y - last.y) < nearPx
    isSecond = pointerType === 'touch' && isNear && at - last.at < soonMs
    last = { at, x, y }
  }
  const clicked = (event: MouseEvent) => {
    const again = isSecond || event.detail > 1
    isSecond = false
    if (again && event.target instanceof Element && event.target.closest('button, summary, a')) ignore(event)
  }
  addEventListener('pointerdown', touched, true)
  addEventListener('click', clicked, true)
  addEventListener('keydown', event => event.repeat && event.key === 'Enter' && ignore(event), true)
}
