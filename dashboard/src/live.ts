import { closeCodes, type LiveMessage, liveBeatMs } from '../../schema/api/live.ts'
import { gather } from './gather.ts'
import type { WallAction } from './state.ts'

const staleAfterMs = 2 * liveBeatMs + 2_000

/** Follows one site for as long as it is not stopped: reconnects, resumes, and says so when nothing is heard. */
export function follow(siteId: string, dispatch: (action: WallAction) => void, signedOut: () => void): () => void {
  const { add, stop } = gather<WallAction>(actions => dispatch({ type: 'several', actions }))
  let socket: WebSocket | undefined
  let position: { epoch: string; n: number } | undefined
  let stopped = false
  let waitMs = 500
  let retry: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined

  function heard(): void {
    clearTimeout(silence)
    silence = setTimeout(lost, staleAfterMs)
  }

  function lost(): void {
    if (stopped) return
    clearTimeout(silence)
    add({ type: 'link', link: 'stale' })
    const old = socket
    socket = undefined
    old?.close()
    clearTimeout(retry)
    retry = setTimeout(connect, waitMs * (0.5 + Math.random()))
    waitMs = Math.min(waitMs * 2, 10_000)
  }

  function connect(): void {
    const resume = position ? `&resume=${position.epoch}.${position.n}` : ''
    const mine = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/live?siteId=${siteId}${resume}`)
    socket = mine
    heard()
    mine.onmessage = event => {
      if (mine !== socket) return
      heard()
      waitMs = 500
      const message = JSON.parse(event.data) as LiveMessage
      if (message.type === 'change' && position && message.n !== position.n + 1) {
        position = undefined
        return lost()
      }
      if (message.type === 'snapshot' || message.type === 'resumed') position = { epoch: message.epoch, n: message.n }
      else if (message.type === 'change' && position) position = { ...position, n: message.n }
      add({ type: 'message', message })
    }
    mine.onclose = event => {
      if (mine !== socket) return
      if (event.code === closeCodes.signedOut) return signedOut()
      lost()
    }
  }

  connect()
  return () => {
    stopped = true
    stop()
    clearTimeout(retry)
    clearTimeout(silence)
    const old = socket
    socket = undefined
    old?.close()
  }
}
