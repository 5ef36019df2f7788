import { connect } from 'node:net'

export type Answer = { status: number; headers: Record<string, string>; body: string }

type Sent = {
  bytes: Buffer
  /** the answer has no body */
  head?: boolean
  /** nothing more comes: the connection is ended behind the bytes, not behind the first answer */
  end?: boolean
}

type Exchanged = {
  answers: Answer[]
  /** the server did not close it in time, answered or not */
  hung: boolean
}

/** Sends bytes as they are on a connection of their own; every whole answer until it is closed. */
export function exchange(port: number, { bytes, head = false, end = false }: Sent): Promise<Exchanged> {
  return new Promise(resolve => {
    let got = Buffer.alloc(0)
    let hung = false
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.on('error', () => {})
    socket.on('data', data => {
      got = Buffer.concat([got, data])
      if (!end && readAnswers(got, head).length > 0) socket.end()
    })
    socket.setTimeout(20_000, () => {
      hung = true
      socket.destroy()
    })
    socket.once('close', () => resolve({ answers: readAnswers(got, head), hung }))
    if (end) socket.end(bytes)
    else socket.write(bytes)
  })
}

function readAnswers(bytes: Buffer, head: boolean): Answer[] {
  const answers: Answer[] = []
  for (let at = 0; ; ) {
    const bodyAt = bytes.indexOf('\r\n\r\n', at) + 4
    if (bodyAt < 4) return answers
    const [first = '', ...lines] = bytes.toString('latin1', at, bodyAt - 4).split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1])
    const headers = Object.fromEntries(
      lines.map(line =>
        line
          .toLowerCase()
          .split(/: (.*)/s)
          .slice(0, 2),
      ),
    )
    const bare = head || status < 200 || status === 204 || status === 304
    const body = bare ? { text: '', end: bodyAt } : bodyOf(bytes, bodyAt, headers)
    if (!body) return answers
    at = body.end
    if (status >= 200) answers.push({ status, headers, body: body.text })
  }
}

function bodyOf(bytes: Buffer, from: number, headers: Record<string, string>) {
  if (headers['transfer-encoding'] !== 'chunked') {
    const end = from + Number(headers['content-length'])
    return end <= bytes.length ? { text: bytes.toString('utf8', from, end), end } : undefined
  }
  const parts: Buffer[] = []
  for (let at = from; ; ) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    at = line + 2 + size + 2
    if (at > bytes.length) return undefined
    if (size === 0) return { text: Buffer.concat(parts).toString(), end: at }
    parts.push(bytes.subarray(line + 2, line + 2 + size))
  }
}
