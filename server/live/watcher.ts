import type { WebSocket } from 'ws'
import { closeCodes } from '../../schema/api/live.ts'
import type { Session } from '../domain/sessions.ts'
import { type Audience, audienceOf } from './audience.ts'

export type Watcher = {
  siteId: string
  session: Session
  audience: Audience
  resume: { epoch: string; n: number } | undefined
  /** the bytes of a text: made once for all who hear the same */
  send(text: Buffer): void
  close(code: number, reason: string): void
  isOpen(): boolean
}

type About = Pick<Watcher, 'siteId' | 'session' | 'resume'>
type Bound = { mostBytes: number; tooSlow?: (waitingBytes: number) => void }

/** A watcher that does not read is closed when `mostBytes` wait for it; it comes back and resumes. */
export function makeWatcher(socket: WebSocket, about: About, { mostBytes, tooSlow }: Bound): Watcher {
  const isOpen = () => socket.readyState === socket.OPEN
  function close(code: number, reason: string): void {
    if (!isOpen()) return
    socket.close(code, reason)
    // One that does not read would not read the close frame either.
    setTimeout(() => socket.terminate(), 2_000).unref()
  }
  return {
    ...about,
    audience: audienceOf(about.session),
    isOpen,
    close,
    send(text) {
      if (!isOpen()) return
      // An empty queue takes anything: a snapshot may be larger than the bound.
      const waiting = socket.bufferedAmount
      if (waiting === 0 || waiting + text.length <= mostBytes) return socket.send(text, { binary: false })
      tooSlow?.(waiting)
      close(closeCodes.tooSlow, 'too slow')
    },
  }
}
