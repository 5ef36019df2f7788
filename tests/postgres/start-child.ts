import { startPostgres } from '../../server/postgres/launch.ts'

/** A server reduced to its database, to be killed. Says one line of JSON when it runs, or its error in plain words. */
const [dataDir] = process.argv.slice(2)
const log = { info() {}, warn: (message: string) => console.error(message) }

startPostgres({ dataDir: dataDir!, log })
  .then(({ url, pid }) => {
    console.log(JSON.stringify({ url, postgresPid: pid() }))
    setInterval(() => {}, 60_000)
  })
  .catch((error: Error) => {
    console.log(JSON.stringify({ problem: error.message }))
    process.exitCode = 1
  })
