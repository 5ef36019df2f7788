import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

type Props = { kind: string; name: ComponentChildren; isCurrent?: boolean; children: ComponentChildren }

/** Unfolds over what is below it; shut by Escape, by a press beside it, and by going on to what it does not hold. */
export function Menu({ kind, name, isCurrent, children }: Props) {
  const menu = useRef<HTMLDetailsElement>(null)
  const isBeside = (target: EventTarget | null) => target instanceof Node && !menu.current!.contains(target)
  const shut = () => menu.current!.removeAttribute('open')
  useEffect(() => {
    const press = ({ target }: PointerEvent) => isBeside(target) && shut()
    document.addEventListener('pointerdown', press)
    return () => document.removeEventListener('pointerdown', press)
  }, [])

  function leaveBy(event: KeyboardEvent) {
    if (event.key !== 'Escape' || !menu.current!.open) return
    shut()
    menu.current!.querySelector('summary')!.focus()
  }

  return (
    <details
      ref={menu}
      class={`menu ${kind}`}
      onKeyDown={leaveBy}
      onFocusOut={event => isBeside(event.relatedTarget) && shut()}
    >
      <summary class={isCurrent ? 'current' : undefined}>{name}</summary>
      <div class="unfolds">{children}</div>
    </details>
  )
}
