import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Deliver, Message } from '../../server/delivery/message.ts'

export type Outbox = { deliver: Deliver; url: string; close(): Promise<void> }
type Sent = Message & { at: Date }

const mostKept = 200
const channels = { email: 'E-mail', sms: 'SMS', voice: 'Call' } satisfies Record<Message['channel'], string>

/** Takes what would go to people and shows it on a page of this machine, newest first; nothing is written anywhere. */
export async function startOutbox(): Promise<Outbox> {
  const sent: Sent[] = []
  const http = createServer((request, response) => {
    if (request.url !== '/') return void response.writeHead(404).end()
    const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
    response.writeHead(200, { ...headers, 'cache-control': 'no-store' }).end(pageOf(sent))
  })
  await new Promise<void>((done, fail) => http.once('error', fail).listen(0, '127.0.0.1', done))
  return {
    deliver: async message => {
      // a provider that knows the key takes a repeat once
      if (!sent.some(each => each.key === message.key)) sent.unshift({ ...message, at: new Date() })
      sent.length = Math.min(sent.length, mostKept)
      return { ok: true }
    },
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    async close() {
      http.closeAllConnections()
      await new Promise(done => http.close(done))
    },
  }
}

const escaped = (text: string) => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`)

const messageOf = ({ channel, to, language, subject, text, at }: Sent) => `
  <article>
    <h2>${channels[channel]} → ${escaped(to)}</h2>
    <p><time datetime="${at.toISOString()}">${at.toLocaleString()}</time></p>
    ${channel === 'email' ? `<p lang="${escaped(language)}"><strong>${escaped(subject)}</strong></p>` : ''}
    <pre lang="${escaped(language)}">${escaped(text)}</pre>
  </article>`

const pageOf = (sent: Sent[]) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="3">
<title>Sent by the demo</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff }
  article { border: 1px solid #767676; border-radius: .5rem; padding: 0 1rem; margin: 1rem 0 }
  h2 { font-size: 1.1rem } pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere }
</style>
<main>
  <h1>Sent by the demo</h1>
  <p>What would have gone to people, newest first. SMS and calls wait for the end of the quiet hours (22:00 to 07:00).</p>
  ${sent.length > 0 ? sent.map(messageOf).join('') : '<p>Nothing yet: deposit a parcel.</p>'}
</main>
</html>
`
