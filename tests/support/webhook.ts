import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Call = {
  headers: IncomingHttpHeaders
  body: string
  said: { id: string; channel: string; to: string; language: string; text: string }
}
type Answer = { status: number; location?: string }

/** Where an operator's SMS and calls go: a real HTTP server that keeps what it was sent. */
export async function startWebhook(answer: (call: Call) => Answer | Promise<Answer> = () => ({ status: 202 })) {
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts).toString()
    const call = { headers: request.headers, body, said: body ? JSON.parse(body) : {} }
    calls.push(call)
    const { status, location } = await answer(call)
    response.writeHead(status, location ? { location } : {}).end('number +33600000000 is not known')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`,
    async close() {
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }
}
export type Webhook = Awaited<ReturnType<typeof startWebhook>>
