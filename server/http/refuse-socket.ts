import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { Refusal } from '../refusal.ts'
import { answerOf } from './errors.ts'

/** Answers in the one form of errors on a socket that no route answers on, and ends it. */
export function refuseSocket(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const { status, body } = answerOf(refusal)
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Cache-Control: no-store',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ]
  // who never closes the other half would keep this one open
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
}

/** What never became a request: half of one, no HTTP at all, headers over Node's bound of 16 KiB. */
export function refuseBroken({ code = '' }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === 'ECONNRESET') socket.destroy()
  else refuseSocket(socket, broken[code] ?? new Refusal('not-http'))
}

const broken: Record<string, Refusal> = {
  ERR_HTTP_REQUEST_TIMEOUT: new Refusal('too-late'),
  HPE_HEADER_OVERFLOW: new Refusal('headers-too-large', { field: 'headers' }),
}
