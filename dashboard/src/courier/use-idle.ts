import { useEffect, useRef } from 'preact/hooks'

/** Calls once when nobody has touched the page for so long. */
export function useIdle(ms: number, done: () => void): void {
  const latest = useRef(done)
  latest.current = done
  useEffect(() => {
    let timer = setTimeout(() => latest.current(), ms)
    const again = () => {
      clearTimeout(timer)
      timer = setTimeout(() => latest.current(), ms)
    }
    for (const type of ['pointerdown', 'keydown']) addEventListener(type, again)
    return () => {
      clearTimeout(timer)
      for (const type of ['pointerdown', 'keydown']) removeEventListener(type, again)
    }
  }, [ms])
}
