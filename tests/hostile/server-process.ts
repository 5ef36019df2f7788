import { randomBytes } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { startServer } from '../../server/server.ts'
import { admin } from '../support/api.ts'

/** The whole server in a process of its own, started with --expose-gc; asked `heap` it answers the bytes in use after collecting. */
const server = await startServer({
  ...{
    host: '127.0.0.1',
    httpPort: 0,
    mqttPort: 0,
    dataDir: '',
    databaseUrl: process.env.DATABASE_URL!,
    logLevel: 'warn',
  },
  ...{ masterKey: randomBytes(32), publicUrl: null, trustProxy: true },
  ...{ adminEmail: admin.email, adminPassword: admin.password },
})
process.send!({ url: server.url, mqttPort: Number(new URL(server.mqttUrl).port) })
process.on('message', async message => {
  if (message === 'stop') return server.close().then(() => process.exit(0))
  for (let round = 0; round < 3; round++) {
    globalThis.gc!()
    await turn()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  process.send!({ heap: heapUsed + arrayBuffers })
})
