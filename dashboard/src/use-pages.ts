import { useEffect, useState } from 'preact/hooks'
import { ask, reasonOf } from './api.ts'
import { useNewest } from './use-newest.ts'

type Found<T> = { items: T[]; next: string | null }

/**
 * A list that goes on: its beginning, asked again when the question (a path with its query) or `touch` is another one,
 * and `more` of it. An answer that comes after a newer question is dropped.
 */
export function usePages<T>(question: string, touch = '') {
  const [found, setFound] = useState<Found<T>>()
  const [problem, setProblem] = useState<string>()
  const begin = useNewest()

  function load(path: string, before: T[]) {
    const isNewest = begin()
    ask<Found<T>>('GET', path).then(
      ({ items, next }) => {
        if (!isNewest()) return
        setFound({ items: [...before, ...items], next })
        setProblem(undefined)
      },
      error => isNewest() && setProblem(reasonOf(error)),
    )
  }
  useEffect(() => load(question, []), [question, touch])

  const next = found?.next
  const more = next ? () => load(`${question}&cursor=${encodeURIComponent(next)}`, found.items) : undefined
  return { items: found?.items, more, problem }
}
