import { useRef, useState } from 'preact/hooks'
import { ask, reasonOf } from './api.ts'

const newKey = (): string => Array.from(crypto.getRandomValues(new Uint32Array(4)), n => n.toString(36)).join('-')

/** A POST that is done once, however often it is pressed: a repeat after a lost answer goes with the same key. */
export function useSend() {
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  const last = useRef<{ request: string; key: string }>()

  async function send<T>(path: string, body: object): Promise<T | undefined> {
    if (running.current) return undefined
    running.current = true
    setBusy(true)
    setProblem(undefined)
    const request = path + JSON.stringify(body)
    if (last.current?.request !== request) last.current = { request, key: newKey() }
    try {
      const answer = await ask<T>('POST', path, body, last.current.key)
      last.current = undefined
      return answer
    } catch (error) {
      const reason = reasonOf(error)
      if (reason !== 'link') last.current = undefined
      setProblem(reason)
      return undefined
    } finally {
      running.current = false
      setBusy(false)
    }
  }
  return { send, busy, problem }
}
