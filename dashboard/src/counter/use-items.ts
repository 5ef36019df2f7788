import { useEffect } from 'preact/hooks'
import { useAnswer } from '../use-answer.ts'

const everyMs = 30_000

/** What a list holds now: asked again whenever `touch` is another one, and now and then, as not all of it is told live. */
export function useItems<T>(path: string, touch: string) {
  const { answer, problem, again } = useAnswer<{ items: T[] }>(path, touch)
  useEffect(() => {
    const timer = setInterval(again, everyMs)
    return () => clearInterval(timer)
  }, [again])
  return { items: answer?.items, problem, again }
}
