import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { startServer } from '../../server/server.ts'
import { admin, makeSite } from '../support/api.ts'
import { makeTls } from '../support/certificates.ts'
import { freshDatabase } from '../support/postgres.ts'
import { connectRaw } from '../support/raw-mqtt.ts'

test('a certificate lets in the controller that is enrolled, and no other, until it is retired [LINK-6]', async () => {
  const tls = makeTls()
  onTestFinished(() => rmSync(tls.folder, { recursive: true }))
  const database = await freshDatabase()
  onTestFinished(() => database.drop())
  const server = await startServer({
    ...{ host: '127.0.0.1', httpPort: 0, mqttPort: null, mqttsPort: 0, tlsFiles: tls.files, dataDir: '' },
    ...{
      databaseUrl: database.url,
      logLevel: 'silent',
      masterKey: randomBytes(32),
      publicUrl: null,
      trustProxy: false,
    },
    ...{ adminEmail: admin.email, adminPassword: admin.password },
  })
  onTestFinished(() => server.close())
  expect(server.mqttUrl).toBe(server.mqttsUrl)
  const { landlord } = await makeSite(server.url, { controllerId: 'bank-1', doors: 1 })
  const port = Number(new URL(server.mqttUrl).port)
  const connect = (id: string) =>
    connectRaw({ port, clientId: id, username: id, tls: { ca: tls.ca, ...tls.client(id) } })

  const bank = await connect('bank-1')
  expect(bank.connack?.returnCode).toBe(0)
  expect((await connect('bank-2')).connack?.returnCode).toBe(4)
  expect((await landlord('POST', '/api/controllers/bank-1/retire', { reason: 'stolen' })).status).toBe(200)
  await bank.closed
  expect((await connect('bank-1')).connack?.returnCode).toBe(4)
})
