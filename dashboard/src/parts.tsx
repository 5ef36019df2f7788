import type { ComponentChildren } from 'preact'

type Props<Part extends string> = {
  label: string
  parts: readonly Part[]
  chosen: Part | undefined
  choose: (part: Part) => void
  name: (part: Part) => ComponentChildren
}

/** The parts of a page, one of which is shown. */
export function Parts<Part extends string>({ label, parts, chosen, choose, name }: Props<Part>) {
  return (
    <nav class="parts" aria-label={label}>
      {parts.map(each => (
        <button
          key={each}
          type="button"
          aria-current={each === chosen ? 'page' : undefined}
          onClick={() => choose(each)}
        >
          {name(each)}
        </button>
      ))}
    </nav>
  )
}
