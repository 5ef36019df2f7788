import { useCallback, useEffect, useState } from 'preact/hooks'
import { ask, reasonOf } from './api.ts'

/**
 * What the server answers to a question, asked once more by `again` and whenever it or `touch` is another one.
 * An answer that comes after a newer question is dropped: two of them may come in the other order.
 */
export function useAnswer<T>(path: string | undefined, touch = '') {
  const [answer, setAnswer] = useState<T>()
  const [problem, setProblem] = useState<string>()
  const [times, setTimes] = useState(0)
  const again = useCallback(() => setTimes(before => before + 1), [])
  useEffect(() => {
    if (path === undefined) return
    let isOld = false
    ask<T>('GET', path).then(
      found => {
        if (isOld) return
        setAnswer(found)
        setProblem(undefined)
      },
      error => !isOld && setProblem(reasonOf(error)),
    )
    return () => {
      isOld = true
    }
  }, [path, touch, times])
  return { answer, problem, again }
}
