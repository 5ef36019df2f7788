import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from './log.ts'
import { settlePidFile } from './pid-file.ts'
import { type Command, type Postmaster, startPostmaster } from './postmaster.ts'
import type { SocketDir } from './socket-dir.ts'

export type Supervised = { pid(): number; stop(): Promise<void> }

type Supervision = { command: Command; socketDir: SocketDir; log: Log; onDown: (reason: string) => void }

const longestPauseMs = 10_000
const patienceMs = 30_000

/** Starts PostgreSQL and keeps it running: whenever it ends by itself it is started again on the same data. */
export async function supervise(supervision: Supervision): Promise<Supervised> {
  const { log, onDown } = supervision
  const stopping = new AbortController()
  let postmaster = await startPatiently(supervision)
  const watching = keep()

  return {
    pid: () => postmaster.pid,
    async stop() {
      stopping.abort()
      await postmaster.stop()
      await watching
    },
  }

  async function keep(): Promise<void> {
    for (;;) {
      const reason = await postmaster.ended
      if (stopping.signal.aborted) return
      log.warn(`PostgreSQL (pid ${postmaster.pid}) ended by itself, starting it again: ${reason}`)
      try {
        onDown(reason)
      } catch (error) {
        log.warn(`onDown failed: ${(error as Error).message}`)
      }
      if (!(await restart())) return
      log.warn(`PostgreSQL is back (pid ${postmaster.pid})`)
    }
  }

  async function restart(): Promise<boolean> {
    for (let pauseMs = 100; !stopping.signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        const next = await start(supervision)
        postmaster = next
        if (!stopping.signal.aborted) return true
        await next.stop()
      } catch (error) {
        log.warn(`PostgreSQL is down, trying again in ${pauseMs} ms: ${(error as Error).message}`)
        await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
    return false
  }
}

/** After a crash children of the old postmaster may still be finishing; PostgreSQL refuses to start until they have. */
async function startPatiently(supervision: Supervision): Promise<Postmaster> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    try {
      return await start(supervision)
    } catch (error) {
      const passes = /shared memory block|lock file/.test((error as Error).message)
      if (!passes || Date.now() > deadline) throw error
      await delay(200)
    }
  }
}

async function start({ command, socketDir, log }: Supervision): Promise<Postmaster> {
  await settlePidFile(command.cluster, log)
  socketDir.clear()
  return startPostmaster(command, log)
}
