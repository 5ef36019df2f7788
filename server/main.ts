import { freshDashboard } from '../dashboard/fresh.ts'
import { plainProblem, readAndProbe } from './probe.ts'
import { startServer } from './server.ts'

function giveUp(problems: string[], code: number): never {
  console.error(['The server does not start:', ...problems.map(problem => `  - ${problem}`)].join('\n'))
  process.exit(code)
}

const read = await readAndProbe(process.env)
if ('problems' in read) giveUp(read.problems, 2)
const withoutPages = await freshDashboard()
if (withoutPages) console.error(withoutPages)
const server = await startServer(read.config).catch((error: Error) => {
  const plain = plainProblem(error, read.config)
  return giveUp([plain ?? error.message], plain ? 2 : 1)
})
// before a word is said: whoever reads that it runs may end it at once
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
const links = new Set([server.mqttUrl, server.mqttsUrl ?? server.mqttUrl])
console.log(`Pages and API ${server.url}\nControllers    ${[...links].join(' and ')}`)
if (server.setupUrl)
  console.log(
    `\nThere is no landlord yet. Make the first account here, once, within 24 hours (the next start prints a new link):\n${server.setupUrl}`,
  )
