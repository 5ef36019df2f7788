import { createServer, connect as dial, type Server, type Socket } from 'node:net'

/** A way to the database that can be cut, frozen and mended: what a server sees of a database that is away. */
export async function databaseProxy(url: string) {
  const target = new URL(url)
  const socketDir = target.searchParams.get('host')
  const open = new Set<Socket>()
  let frozen = false
  let listener: Server | undefined
  let port = 0

  async function listen(): Promise<void> {
    listener = createServer(client => {
      const upstream = socketDir
        ? dial({ path: `${socketDir}/.s.PGSQL.5432` })
        : dial(Number(target.port), target.hostname)
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
  target.searchParams.delete('host')
  target.hostname = '127.0.0.1'
  target.port = String(port)
  return {
    url: target.href,
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
