import { useCallback, useRef } from 'preact/hooks'

/** Begins a question; what it gives back says whether no newer one was begun since: answers may come in another order. */
export function useNewest(): () => () => boolean {
  const begun = useRef(0)
  return useCallback(() => {
    begun.current += 1
    const mine = begun.current
    return () => mine === begun.current
  }, [])
}
