import { keyInDataDir, readConfig } from './config.ts'
import { startServer } from './server.ts'

const read = readConfig(process.env, keyInDataDir)
if ('problems' in read) {
  console.error(`The server does not start:\n${read.problems.map(problem => `  - ${problem}`).join('\n')}`)
  process.exit(2)
}
const server = await startServer(read.config).catch((error: Error) => {
  console.error(`The server does not start:\n  - ${error.message}`)
  process.exit(1)
})
console.log(`Pages and API ${server.url}\nControllers    ${server.mqttUrl}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close().then(
      () => process.exit(0),
      (error: Error) => {
        console.error(error.message)
        process.exit(1)
      },
    )
  })
}
