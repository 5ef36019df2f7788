import { createServer, type Server, type Socket } from 'node:net'

/** A way to somewhere that can be cut, frozen and mended, whatever goes over it. `dial` opens one connection to there. */
export async function tcpProxy(dial: () => Socket) {
  const open = new Set<Socket>()
  let frozen = false
  let listener: Server | undefined
  let port = 0

  async function listen(): Promise<void> {
    listener = createServer(client => {
      const upstream = dial()
      for (const end of [client, upstream]) {
        open.add(end)
        end.on('error', () => {})
        end.on('close', () => open.delete(end))
      }
      client.on('close', () => upstream.destroy())
      upstream.on('close', () => client.destroy())
      client.on('data', data => void (frozen || upstream.write(data)))
      upstream.on('data', data => void (frozen || client.write(data)))
    })
    await new Promise<void>(resolve => listener!.listen(port, '127.0.0.1', resolve))
    port = (listener.address() as { port: number }).port
  }
  function cut(): void {
    listener?.close()
    for (const end of open) end.destroy()
  }
  await listen()
  return {
    port,
    /** refused from now on, and what is open breaks */
    cut,
    /** nothing is answered any more, and nothing breaks */
    freeze: () => {
      frozen = true
    },
    async mend() {
      frozen = false
      cut()
      await listen()
    },
    close: cut,
  }
}
