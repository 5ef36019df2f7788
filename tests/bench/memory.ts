import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import WebSocket from 'ws'

export type Memory = { heldKiB: number; residentKiB: number }

/**
 * What a Node process holds after a full collection, asked through its inspector, which SIGUSR1 opens; the process needs
 * nothing of ours in it. `held`: heap, buffers and what belongs to objects; `resident`: RSS.
 */
export function memoryProbe(child: ChildProcess): () => Promise<Memory> {
  let address: Promise<string> | undefined
  const open = () => {
    address ??= new Promise(resolve => {
      let words = ''
      child.stderr!.on('data', text => {
        words = (words + text).slice(-4_000)
        const found = /Debugger listening on (ws:\S+)/.exec(words)?.[1]
        if (found) resolve(found)
      })
      process.kill(child.pid!, 'SIGUSR1')
    })
    return address
  }
  return async () => {
    const socket = new WebSocket(await open())
    await once(socket, 'open')
    let asked = 0
    const call = (method: string, params: object = {}) =>
      new Promise<{ result: { value?: string } }>(resolve => {
        const id = ++asked
        socket.on('message', data => {
          const answer = JSON.parse(String(data))
          if (answer.id === id) resolve(answer.result)
        })
        socket.send(JSON.stringify({ id, method, params }))
      })
    await call('HeapProfiler.collectGarbage')
    await call('HeapProfiler.collectGarbage')
    const expression = 'JSON.stringify(process.memoryUsage())'
    const { result } = await call('Runtime.evaluate', { expression, returnByValue: true })
    socket.terminate()
    const { heapUsed, external, rss } = JSON.parse(result.value!)
    return { heldKiB: (heapUsed + external) / 1024, residentKiB: rss / 1024 }
  }
}
