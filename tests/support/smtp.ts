import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type Mail = {
  from: string
  to: string[]
  /** decoded, the names in small letters */
  headers: Record<string, string>
  text: string
}
type Verdict = { code: number } | undefined
type Options = {
  /** of a mail that was received whole; a promise keeps its sender waiting */
  answer?: (mail: Mail) => Verdict | Promise<Verdict>
  /** offered with a certificate that nobody knows */
  startTls?: boolean
  login?: { user: string; password: string }
}

/** A real SMTP server; what it received is in `mails`, in the order of arrival. */
export async function startSmtp({ answer = () => undefined, startTls = false, login }: Options = {}) {
  const mails: Mail[] = []
  const server = new SMTPServer({
    authOptional: !login,
    allowInsecureAuth: true,
    disabledCommands: startTls ? [] : ['STARTTLS'],
    logger: false,
    onAuth(given, _session, done) {
      const fits = given.username === login?.user && given.password === login?.password
      done(fits ? null : new Error('wrong'), fits ? { user: given.username } : undefined)
    },
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', part => parts.push(part as Buffer))
      stream.on('end', async () => {
        const { mailFrom, rcptTo } = session.envelope
        const to = rcptTo.map(each => each.address)
        const mail = { from: mailFrom ? mailFrom.address : '', to, ...readMail(Buffer.concat(parts).toString()) }
        mails.push(mail)
        const verdict = await answer(mail)
        done(verdict && Object.assign(new Error('no, not you@secret.example'), { responseCode: verdict.code }))
      })
    },
  })
  // a sender that was killed is no fault of this server
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    mails,
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>(done => server.close(done)),
  }
}
export type Smtp = Awaited<ReturnType<typeof startSmtp>>

function readMail(raw: string): Pick<Mail, 'headers' | 'text'> {
  const end = raw.indexOf('\r\n\r\n')
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = Object.fromEntries(
    lines.map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())]
    }),
  )
  const body = raw.slice(end + 4)
  const how = headers['content-transfer-encoding']
  const bytes =
    how === 'base64' ? Buffer.from(body, 'base64') : how === 'quoted-printable' ? unquoted(body) : Buffer.from(body)
  return { headers, text: bytes.toString('utf8').replaceAll('\r\n', '\n') }
}

const unquoted = (text: string) =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )

/** RFC 2047 */
const decodeWords = (text: string) =>
  text
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, how: string, word: string) =>
      (how.toUpperCase() === 'B' ? Buffer.from(word, 'base64') : unquoted(word.replaceAll('_', ' '))).toString(
        'latin1',
      ),
    )
    .replace(/[\u0080-\u00ff]+/g, bytes => Buffer.from(bytes, 'latin1').toString('utf8'))
