import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** The heading of a new step takes the focus: a screen reader says where one is, and Tab goes on from here. */
export function StepTitle({ children }: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <h2 class="step-title" tabIndex={-1} ref={heading}>
      {children}
    </h2>
  )
}
