import { useRef, useState } from 'preact/hooks'
import { ask, Refused, reasonOf } from './api.ts'

const newKey = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), n => n.toString(36)).join('-')

/** Nobody knows whether it was done: the same key goes again, so that it is done once. */
const isLost = (error: unknown) => !(error instanceof Refused) || error.status === 0 || error.status >= 500

/** One thing to ask for: pressed twice it goes once, and pressed again after a lost answer it is the same asking. */
export function usePress() {
  const underWay = useRef(false)
  const asked = useRef<{ what: string; key: string }>()
  const [problem, setProblem] = useState<string>()

  /** Undefined when it was refused, got no answer, or is under way already. */
  async function press<T>(path: string, body?: object): Promise<T | undefined> {
    if (underWay.current) return undefined
    underWay.current = true
    setProblem(undefined)
    const what = JSON.stringify([path, body])
    if (asked.current?.what !== what) asked.current = { what, key: newKey() }
    try {
      const answer = await ask<T>('POST', path, body, asked.current.key)
      asked.current = undefined
      return answer
    } catch (error) {
      if (!isLost(error)) asked.current = undefined
      setProblem(reasonOf(error))
      return undefined
    } finally {
      underWay.current = false
    }
  }
  return { press, problem }
}
