import { createServer, type Server } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Claim, claim } from '../../server/postgres/mutex.ts'

for (const platform of ['linux', 'darwin'] as const) {
  test.runIf(platform === process.platform || platform === 'darwin')(
    `one holder per directory, as on ${platform}`,
    async () => {
      const directory = `/some/place/${platform}`
      const first = await claimFor(directory, platform)
      expect(await claimFor(directory, platform)).toEqual({ heldBy: process.pid })
      expect(await claimFor(`${directory}-else`, platform)).toHaveProperty('release')
      if ('release' in first) await first.release()
      const together = await Promise.all([claimFor(directory, platform), claimFor(directory, platform)])
      expect(together.filter(one => 'release' in one).length).toBeLessThanOrEqual(1)
    },
  )
}

test('an unrelated program on the port is not taken for a server, whether it talks, is silent or goes', async () => {
  const directory = '/some/place/with-a-busy-port'
  const first = await claimFor(directory, 'darwin')
  if ('heldBy' in first) throw new Error('a free directory was refused')
  await first.release()
  for (const greeting of ['HTTP/1.1 400 Bad Request\r\n\r\n', 'conciergerie-doors 0000 1\n', undefined]) {
    const stranger = await strangerOn(Number(first.address), greeting)
    const ours = await claimFor(directory, 'darwin')
    expect(ours).toHaveProperty('release')
    await new Promise(resolve => stranger.close(resolve))
    expect(await claimFor(directory, 'darwin')).toEqual({ heldBy: process.pid })
    if ('release' in ours) await ours.release()
  }
})

async function claimFor(directory: string, platform: NodeJS.Platform): Promise<Claim> {
  const claimed = await claim(directory, { platform })
  if ('release' in claimed) onTestFinished(claimed.release)
  return claimed
}

function strangerOn(port: number, greeting: string | undefined): Promise<Server> {
  const server = createServer(socket => {
    socket.on('error', () => {}).resume()
    if (greeting) socket.end(greeting)
  })
  onTestFinished(() => {
    server.close()
  })
  return new Promise((resolve, reject) => {
    server.on('error', reject).listen(port, '127.0.0.1', () => resolve(server))
  })
}
