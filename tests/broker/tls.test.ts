import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import { afterAll, expect, test, vi } from 'vitest'
import { makeCertificate, makeTls } from '../support/certificates.ts'
import { eventually } from '../support/eventually.ts'
import { brokerForTests, isPublish } from './broker-for-tests.ts'

vi.mock('../../broker/settings.ts', async original => {
  const { settings } = await original<typeof import('../../broker/settings.ts')>()
  return { settings: { ...settings, tlsFilesEveryMs: 50 } }
})

const tls = makeTls()
afterAll(() => rmSync(tls.folder, { recursive: true }))
const { ca } = tls
const start = (files = {}) => brokerForTests({ port: null, tls: { port: 0, files: { ...tls.files, ...files } } })
const without = { password: undefined }

test('a controller is let in by its password, with name and chain of the server checked, and is sent to', async () => {
  const { broker, connect, received } = await start()
  expect(broker.port).toBe(0)
  const client = await connect('north-1', { tls: { ca, servername: 'localhost' } })
  expect(client.connack?.returnCode).toBe(0)
  await client.subscribe('v1/north-1/down/+')
  await client.publish('v1/north-1/up/status', {})
  expect(received).toHaveLength(1)
  expect(await broker.send('north-1', 'order', Buffer.from('{}'))).toBe(true)
  await client.next(isPublish)
})

test('a certificate of its own name stands for the password, and the server is asked whether it knows it [LINK-6]', async () => {
  const asked: unknown[][] = []
  const { broker, connect } = await brokerForTests({
    port: null,
    tls: { port: 0, files: tls.files },
    async signIn(id, proof) {
      asked.push([id, proof])
      return id === 'north-1' ? 'ok' : 'refused'
    },
  })
  expect((await connect('north-1', { tls: { ca, ...tls.client('north-1') }, ...without })).connack?.returnCode).toBe(0)
  // signed all right, but retired or never enrolled
  expect((await connect('north-2', { tls: { ca, ...tls.client('north-2') }, ...without })).connack?.returnCode).toBe(4)
  expect(asked).toEqual([
    ['north-1', 'certificate'],
    ['north-2', 'certificate'],
  ])
  expect(broker.isConnected('north-2')).toBe(false)
})

const day = 86_400_000
const stranger = makeCertificate({ name: 'Somebody', authority: true })
const old = { from: new Date(Date.now() - 9 * day), until: new Date(Date.now() - day) }
const notYet = { from: new Date(Date.now() + day), until: new Date(Date.now() + 9 * day) }
test.each<[string, { cert?: string; key?: string }]>([
  ['no certificate', {}],
  ['one it signed itself', makeCertificate({ name: 'north-1' })],
  ['one of an authority nobody knows', tls.client('north-1', { by: stranger })],
  ['one of the authority of servers', tls.client('north-1', { by: tls.authority })],
  ['one that has expired', tls.client('north-1', old)],
  ['one that is not valid yet', tls.client('north-1', notYet)],
  [
    'one signed by another controller',
    tls.client('north-1', { by: makeCertificate({ name: 'north-2', by: tls.clientAuthority }) }),
  ],
])('%s is no identity, the password still is', async (_what, { cert, key }) => {
  const { connect, refused } = await start()
  const shown = { ca, ...(cert && key ? { cert, key } : {}) }
  expect((await connect('north-1', { tls: shown, ...without })).connack?.returnCode).toBe(4)
  expect(refused).toMatchObject([{ action: 'sign-in', detail: 'neither password nor certificate' }])
  expect((await connect('north-1', { tls: shown, password: 'guess' })).connack?.returnCode).toBe(4)
  expect((await connect('north-1', { tls: shown })).connack?.returnCode).toBe(0)
})

test('a forged signature under the name of our authority opens nothing and harms nobody else', async () => {
  const { connect } = await start()
  const healthy = await connect('north-2', { tls: { ca } })
  const forger = makeCertificate({ name: tls.clientAuthority.name, authority: true })
  const shown = { ca, ...tls.client('north-1', { by: forger }) }
  // OpenSSL ends such a connection with or without an answer, the password does not come into it
  for (let n = 0; n < 20; n++) {
    const client = await connect('north-1', { tls: shown, ...without }).catch(() => null)
    expect(client?.connack?.returnCode).not.toBe(0)
    await healthy.publish('v1/north-2/up/status', { n })
  }
})

test.each<[string, string | string[]]>([
  ['another name', 'north-2'],
  ['two names', ['north-1', 'north-2']],
  ['its own name in capitals', 'North-1'],
])('a certificate that counts but is of %s is refused, with the right password too', async (_what, name) => {
  const { connect, refused } = await start()
  const shown = { ca, ...tls.client(name) }
  for (const other of [without, {}])
    expect((await connect('north-1', { tls: shown, ...other })).connack?.returnCode).toBe(4)
  expect(refused.map(each => each.detail)).toEqual(['certificate of another name', 'certificate of another name'])
})

test('with its own certificate and a wrong password it is refused: what is given is checked', async () => {
  const { connect } = await start()
  const shown = { ca, ...tls.client('north-1') }
  expect((await connect('north-1', { tls: shown, password: 'guess' })).connack?.returnCode).toBe(4)
})

test('user name and client id are the name too', async () => {
  const { connect } = await start()
  const shown = { ca, ...tls.client('north-1') }
  expect((await connect('north-1', { tls: shown, ...without, username: 'north-2' })).connack?.returnCode).toBe(4)
  expect((await connect('north-1', { tls: shown, ...without, username: undefined })).connack?.returnCode).toBe(4)
})

test('without an authority of ours no certificate counts, and none is asked for', async () => {
  const { connect } = await start({ clientCa: null })
  const shown = { ca, ...tls.client('north-1') }
  expect((await connect('north-1', { tls: shown, ...without })).connack?.returnCode).toBe(4)
  expect((await connect('north-1', { tls: shown })).connack?.returnCode).toBe(0)
})

test('on the plain port a certificate cannot be shown: no password, no entry', async () => {
  const { connect } = await brokerForTests({ tls: { port: 0, files: tls.files } })
  expect((await connect('north-1', without)).connack?.returnCode).toBe(4)
  expect((await connect('north-1')).connack?.returnCode).toBe(0)
  expect((await connect('north-2', { tls: { ca } })).connack?.returnCode).toBe(0)
})

test('a session that is resumed after its certificate ran out is no identity any more', async () => {
  const { broker, connect } = await start()
  const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1_000)
  const shown = { ca, maxVersion: 'TLSv1.2' as const, ...tls.client('north-1', { until }) }
  const first = await connect('north-1', { tls: shown, ...without })
  expect(first.connack?.returnCode).toBe(0)
  const session = (first.socket as TLSSocket).getSession()!
  await eventually(() => Date.now() > until.getTime(), { withinMs: 4_000 })
  const second = await connect('north-1', { tls: { ...shown, session }, ...without })
  expect((second.socket as TLSSocket).isSessionReused()).toBe(true)
  expect(second.connack?.returnCode).toBe(4)
  expect(broker.isConnected('north-1')).toBe(true)
})

test('TLS 1.1 is not spoken', async () => {
  const { connect } = await start()
  const old = { ca, minVersion: 'TLSv1' as const, maxVersion: 'TLSv1.1' as const, ciphers: 'ALL:@SECLEVEL=0' }
  await expect(connect('north-1', { tls: old })).rejects.toThrow(/version/i)
  expect((await connect('north-1', { tls: { ca, maxVersion: 'TLSv1.2' } })).connack?.returnCode).toBe(0)
})

test('renewed files are taken up without a restart; half-written ones are waited out', async () => {
  const files = { cert: tls.write('renewed.pem', tls.server.cert), key: tls.write('renewed-key.pem', tls.server.key) }
  const { broker, connect, warnings } = await start(files)
  const before = await connect('north-1', { tls: { ca } })
  const serial = async () => {
    const socket = connectTls({ port: broker.tlsPort, host: '127.0.0.1', ca })
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
    const { fingerprint256 } = socket.getPeerCertificate() as DetailedPeerCertificate
    socket.destroy()
    return fingerprint256
  }
  const first = await serial()
  const next = makeCertificate({ name: 'doors', by: tls.authority, hosts: ['localhost', '127.0.0.1'] })
  writeFileSync(files.cert, next.cert)
  await eventually(() => warnings.length > 0)
  expect(warnings).toMatchObject([{ problems: [`TLS_KEY ${files.key}: does not belong to the certificate`] }])
  expect(await serial()).toBe(first)
  writeFileSync(files.key, next.key)
  await eventually(async () => (await serial()) !== first)
  await before.publish('v1/north-1/up/status', {})
})

const problem = async (files: object) =>
  start(files).then(
    () => 'it started',
    error => (error as Error).message,
  )
test('files that cannot serve are said plainly, all at once', async () => {
  const path = (name: string) => join(tls.folder, name)
  const other = tls.write('other-key.pem', makeCertificate({ name: 'x' }).key)
  const text = tls.write('text.pem', 'hello')
  const broken = tls.write('broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
  const expired = makeCertificate({ name: 'doors', by: tls.authority, ...old })
  const expiredFile = tls.write('expired.pem', expired.cert)
  const future = tls.write('future.pem', makeCertificate({ name: 'doors', ...notYet }).cert)
  expect(await problem({ cert: path('none.pem'), key: path('none.key') })).toBe(
    `TLS_CERT ${path('none.pem')}: there is no such file\n  - TLS_KEY ${path('none.key')}: there is no such file`,
  )
  expect(await problem({ cert: text })).toBe(`TLS_CERT ${text}: is not a certificate in PEM`)
  expect(await problem({ cert: broken })).toBe(`TLS_CERT ${broken}: is not a certificate in PEM`)
  expect(await problem({ cert: tls.folder })).toBe(`TLS_CERT ${tls.folder}: is a directory`)
  expect(await problem({ key: text })).toBe(`TLS_KEY ${text}: is not a private key in PEM`)
  expect(await problem({ key: other })).toBe(`TLS_KEY ${other}: does not belong to the certificate`)
  expect(await problem({ cert: expiredFile })).toContain(`TLS_CERT ${expiredFile}: expired on 20`)
  expect(await problem({ cert: future })).toContain(`TLS_CERT ${future}: is valid only from 20`)
  expect(await problem({ clientCa: text })).toBe(`TLS_CLIENT_CA ${text}: is not a certificate in PEM`)
  expect(await problem({ clientCa: tls.files.cert })).toContain('is a certificate, but not of an authority')
})
