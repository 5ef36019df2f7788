import { useEffect, useState } from 'preact/hooks'
import { ask, reasonOf } from './api.ts'

/** What the server answers to a question, asked again when it or `touch` changes; an answer to an older one is dropped. */
export function useAnswer<T>(path: string | undefined, touch = '') {
  const [answer, setAnswer] = useState<T>()
  const [problem, setProblem] = useState<string>()
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
  }, [path, touch])
  return { answer, problem }
}
