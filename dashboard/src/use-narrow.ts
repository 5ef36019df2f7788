import { useEffect, useState } from 'preact/hooks'

const query = () => matchMedia('(max-width: 40rem)')

/** Whether the window is as narrow as a phone's, or enlarged as much; the styles ask the same. */
export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => query().matches)
  useEffect(() => {
    const asked = query()
    const change = () => setNarrow(asked.matches)
    asked.addEventListener('change', change)
    return () => asked.removeEventListener('change', change)
  }, [])
  return isNarrow
}
