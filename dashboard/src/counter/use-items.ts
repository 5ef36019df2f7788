import { useEffect, useState } from 'preact/hooks'
import { ask, reasonOf } from '../api.ts'

const everyMs = 30_000

/** What a list holds now: asked again whenever `touch` is another one, and now and then, as not all of it is told live. */
export function useItems<T>(path: string, touch: string) {
  const [items, setItems] = useState<T[]>()
  const [problem, setProblem] = useState<string>()
  const load = () =>
    ask<{ items: T[] }>('GET', path).then(
      answer => {
        setItems(answer.items)
        setProblem(undefined)
      },
      error => setProblem(reasonOf(error)),
    )
  useEffect(() => {
    void load()
    const timer = setInterval(load, everyMs)
    return () => clearInterval(timer)
  }, [path, touch])
  return { items, problem, load }
}
