/** 4+4 large digits; a screen reader says them one by one. */
export function Code({ code, label }: { code: string; label(digits: string): string }) {
  return (
    <p class="code">
      <span class="said">{label([...code].join(' '))}</span>
      <span aria-hidden="true">
        {code.slice(0, 4)} {code.slice(4)}
      </span>
    </p>
  )
}
