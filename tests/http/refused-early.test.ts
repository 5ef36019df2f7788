import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refuseBroken } from '../../server/http/refuse-socket.ts'
import { exchange } from '../support/exchange.ts'
import { makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
let port = 0
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  port = Number(new URL(server.url).port)
})
afterAll(() => server.close())

const host = `host: 127.0.0.1\r\n`
const halfBody = `POST /api/sessions HTTP/1.1\r\n${host}content-type: application/json\r\ncontent-length: 9\r\n\r\n{`
const handshake = `${host}connection: upgrade\r\nupgrade: websocket\r\n`
const rightKey = 'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'

test.each([
  ['no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n', 400, 'not-http', undefined],
  ['two lengths', `POST /api/sessions HTTP/1.1\r\n${host}content-length: 1, 2\r\n\r\n`, 400, 'not-http', undefined],
  ['half a request', `GET /health HTTP/1.1\r\nho`, 400, 'not-http', undefined],
  ['half a body', halfBody, 400, 'not-http', undefined],
  ['20 KB of headers', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large', 'headers'],
  ['no host', 'GET /health HTTP/1.1\r\n\r\n', 400, 'invalid', 'host'],
  ['no such live', `GET /lives HTTP/1.1\r\n${handshake}${rightKey}\r\n`, 404, 'not-found', undefined],
  ['no such target', `GET http://[ HTTP/1.1\r\n${handshake}${rightKey}\r\n`, 404, 'not-found', undefined],
  ['live, a stranger', `GET /live HTTP/1.1\r\n${handshake}${rightKey}\r\n`, 401, 'not-signed-in', undefined],
])('%s is refused in the form of errors, and the connection is ended', async (_what, text, status, reason, field) => {
  const { answers, hung } = await exchange(port, { bytes: Buffer.from(text), end: true })
  expect(hung).toBe(false)
  expect(answers.map(({ status }) => status)).toEqual([status])
  const { error } = JSON.parse(answers[0]!.body)
  expect(error).toEqual({ reason, message: expect.stringMatching(/\w{3}.*\.$/), ...(field ? { field } : {}) })
})

test.each([
  ['a site that is none', 'siteId=x', rightKey, 400, 'invalid', 'siteId'],
  ['another site', `siteId=${'0'.repeat(36)}`, rightKey, 404, 'not-found', 'siteId'],
  ['no key', 'own', 'sec-websocket-version: 13\r\n', 400, 'not-websocket', undefined],
  ['version 12', 'own', rightKey.replace('13', '12'), 400, 'not-websocket', undefined],
])('live, signed in, %s: refused in the form of errors', async (_what, query, keys, status, reason, field) => {
  const asked = query === 'own' ? `siteId=${site.siteId}` : query
  const text = `GET /live?${asked} HTTP/1.1\r\n${handshake}${keys}authorization: Bearer ${site.caretaker.token}\r\n\r\n`
  const { answers, hung } = await exchange(port, { bytes: Buffer.from(text), end: true })
  expect(hung).toBe(false)
  expect(answers.map(({ status }) => status)).toEqual([status])
  expect(JSON.parse(answers[0]!.body).error).toMatchObject({ reason, ...(field ? { field } : {}) })
})

test('an expectation that nobody knows is passed over', async () => {
  const text = `GET /health HTTP/1.1\r\n${host}expect: the worst\r\n\r\n`
  const { answers } = await exchange(port, { bytes: Buffer.from(text) })
  expect(answers).toMatchObject([{ status: 200 }])
})

test('who leaves in the middle of a body is no database that is away', async () => {
  await exchange(port, { bytes: Buffer.from(halfBody), end: true })
  await server.ask('GET', '/health')
  expect(server.errors).toEqual([])
})

test('a request that does not go on is told that it took too long', async () => {
  const slow = createServer({ requestTimeout: 50, headersTimeout: 50, connectionsCheckingInterval: 10 })
  slow.on('clientError', refuseBroken)
  await new Promise<void>(resolve => slow.listen(0, '127.0.0.1', resolve))
  const about = { bytes: Buffer.from('GET / HTTP/1.1\r\nho') }
  const { answers, hung } = await exchange((slow.address() as AddressInfo).port, about)
  slow.close()
  expect(hung).toBe(false)
  expect(answers).toMatchObject([{ status: 408, body: expect.stringContaining('"too-late"') }])
})
