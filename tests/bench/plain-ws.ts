import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { answerParent } from './child.ts'

/** Child process: a `ws` server that sends what one client says to all the others. */
function start(): Promise<{ port: number }> {
  const http = createServer()
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  http.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, accepted => {
      accepted.send('{"type":"snapshot"}')
      accepted.on('message', data => {
        const text = String(data)
        for (const each of sockets.clients) if (each !== accepted) each.send(text)
      })
    }),
  )
  return new Promise(resolve =>
    http.listen(0, '127.0.0.1', () => resolve({ port: (http.address() as { port: number }).port })),
  )
}

answerParent({ start })
