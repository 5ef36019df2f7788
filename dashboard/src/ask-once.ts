import { useRef } from 'preact/hooks'
import { ask, Refused } from './api.ts'

/**
 * A change that is asked once: a second tap waits for the first, and after a lost answer the next tap repeats the same
 * request under the same key, so that the server does nothing twice.
 */
export function useAskOnce() {
  const keys = useRef(new Map<string, string>())
  const busy = useRef<Promise<unknown>>()
  return function askOnce<T>(path: string, body: object = {}): Promise<T> {
    if (busy.current) return new Promise(() => {})
    const what = `${path} ${JSON.stringify(body)}`
    const key = keys.current.get(what) ?? newKey()
    keys.current.set(what, key)
    const asked = ask<T>('POST', path, body, key).then(
      answer => {
        keys.current.delete(what)
        return answer
      },
      error => {
        // refused is an answer too; without one nobody knows, so the key stays
        if (error instanceof Refused && error.status > 0 && error.status < 500) keys.current.delete(what)
        throw error
      },
    )
    busy.current = asked
    const over = () => {
      busy.current = undefined
    }
    asked.then(over, over)
    return asked
  }
}

export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), n => n.toString(36)).join('-')
