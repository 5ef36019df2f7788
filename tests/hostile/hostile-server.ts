import { fork } from 'node:child_process'
import { once } from 'node:events'
import { freshDatabase } from '../support/postgres.ts'

/** Resolves with what the process said last on this subject. */
export async function startHostileServer() {
  const database = await freshDatabase()
  const child = fork('tests/hostile/server-process.ts', {
    execArgv: ['--expose-gc', '--import', 'tsx'],
    env: { PATH: process.env.PATH, DATABASE_URL: database.url },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  let log = ''
  child.stderr!.on('data', bytes => {
    log += bytes
  })
  const gone = once(child, 'exit')
  const answer = async <T>() => {
    const [said] = await Promise.race([
      once(child, 'message'),
      gone.then(([code]) => Promise.reject(new Error(`the server ended with ${code}: ${log.slice(-2000)}`))),
    ])
    return said as T
  }
  const { url, mqttPort } = await answer<{ url: string; mqttPort: number }>()
  return {
    url,
    mqttPort,
    sql: database.sql,
    log: () => log,
    isUp: () => child.exitCode === null && child.signalCode === null,
    /** bytes in use after everything that can go has gone */
    async heap(): Promise<number> {
      child.send('heap')
      return (await answer<{ heap: number }>()).heap
    },
    async close() {
      if (child.connected) child.send('stop')
      await gone
      await database.drop()
    },
  }
}
