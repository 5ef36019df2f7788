import { useRef, useState } from 'preact/hooks'
import { ask, Refused, reasonOf } from './api.ts'

const newKey = (): string => Array.from(crypto.getRandomValues(new Uint32Array(4)), n => n.toString(36)).join('-')

/** Nobody knows whether it was done: the same key goes again, so that it is done once. */
const isLost = (error: unknown) => !(error instanceof Refused) || error.status === 0 || error.status >= 500

/** What to do instead of telling the problem, by the reason of the refusal. */
type Instead = Record<string, (refused: Refused) => unknown>

/** A POST that is done once, however often it is pressed: a repeat after a lost answer goes with the same key. */
export function useSend() {
  const [problem, setProblem] = useState<string>()
  const [field, setField] = useState<string>()
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  const keys = useRef(new Map<string, string>())

  /** Undefined when it was refused, got no answer, or is under way already. */
  async function send<T>(path: string, body: object = {}, instead: Instead = {}): Promise<T | undefined> {
    if (running.current) return undefined
    running.current = true
    setBusy(true)
    setProblem(undefined)
    setField(undefined)
    const request = path + JSON.stringify(body)
    const key = keys.current.get(request) ?? newKey()
    keys.current.set(request, key)
    try {
      const answer = await ask<T>('POST', path, body, key)
      keys.current.delete(request)
      return answer
    } catch (error) {
      if (!isLost(error)) keys.current.delete(request)
      const reason = reasonOf(error)
      const other = instead[reason]
      if (!other) {
        setProblem(reason)
        setField(error instanceof Refused ? error.field : undefined)
      } else await Promise.resolve(other(error as Refused)).catch(next => setProblem(reasonOf(next)))
      return undefined
    } finally {
      running.current = false
      setBusy(false)
    }
  }
  return { send, busy, problem, field }
}
