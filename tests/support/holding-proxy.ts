import { createServer, connect as dial, type Socket } from 'node:net'

/** A way to the database whose answers to COMMIT can be kept back: the commit happened, the server does not hear of it. */
export async function holdingProxy(url: string) {
  const target = new URL(url)
  const socketDir = target.searchParams.get('host')
  const open = new Set<Socket>()
  let holding = false
  let held = false
  const listener = createServer(client => {
    const upstream = socketDir
      ? dial({ path: `${socketDir}/.s.PGSQL.5432` })
      : dial(Number(target.port), target.hostname)
    for (const end of [client, upstream]) {
      open.add(end)
      end.on('error', () => {})
      end.on('close', () => open.delete(end))
    }
    client.pipe(upstream)
    upstream.on('data', data => {
      if (holding && data.includes('COMMIT\0')) held = true
      if (!held) client.write(data)
    })
    client.on('close', () => upstream.destroy())
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  target.searchParams.delete('host')
  target.hostname = '127.0.0.1'
  target.port = String((listener.address() as { port: number }).port)
  return {
    url: target.href,
    hold: () => {
      holding = true
    },
    isHeld: () => held,
    close: () => {
      for (const end of open) end.destroy()
      listener.close()
    },
  }
}
