import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { closeCodes } from '../../schema/api/live.ts'
import type { Session } from '../domain/sessions.ts'
import { type Audience, audienceOf } from './audience.ts'

export type Watcher = {
  siteId: string
  session: Session
  audience: Audience
  resume: { epoch: string; n: number } | undefined
  /** a whole frame, made once for all who hear the same */
  send(frame: Buffer): void
  close(code: number, reason: string): void
  isOpen(): boolean
}

type About = Pick<Watcher, 'siteId' | 'session' | 'resume'>
type Bound = { mostBytes: number; tooSlow?: (waitingBytes: number) => void }

/**
 * A watcher that does not read is closed when `mostBytes` wait for it; it comes back and resumes. `stream` is what `socket`
 * writes to itself; nothing is compressed, so each of its frames is whole too.
 */
export function makeWatcher(socket: WebSocket, stream: Duplex, about: About, { mostBytes, tooSlow }: Bound): Watcher {
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
    send(frame) {
      if (!isOpen()) return
      // An empty queue takes anything: a snapshot may be larger than the bound.
      const waiting = socket.bufferedAmount
      if (waiting === 0 || waiting + frame.length <= mostBytes) return void stream.write(frame)
      tooSlow?.(waiting)
      close(closeCodes.tooSlow, 'too slow')
    },
  }
}
