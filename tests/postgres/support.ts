import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, onTestFinished } from 'vitest'
import { connect, type Sql } from '../../server/postgres/connect.ts'
import { type RunningPostgres, type StartPostgres, startPostgres } from '../../server/postgres/launch.ts'

export const quiet = { info() {}, warn() {} }

type Told = { url: string; postgresPid: number; problem?: string }

/** A data directory that lives as long as the test. */
export function newDataDir(parent = '/tmp'): string {
  const dataDir = mkdtempSync(`${parent}/doors-launch-`)
  chmodSync(dataDir, 0o755)
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  return dataDir
}

let made: Promise<string> | undefined

/** The same with a cluster in it: making one costs seconds on a busy machine, copying it next to nothing. */
export async function madeDataDir(): Promise<string> {
  made ??= makeOnce()
  const dataDir = newDataDir()
  execFileSync('cp', ['-a', join(await made, 'postgres'), dataDir])
  return dataDir
}

afterAll(async () => {
  if (made) rmSync(await made, { recursive: true, force: true })
})

async function makeOnce(): Promise<string> {
  const dataDir = mkdtempSync('/tmp/doors-made-')
  chmodSync(dataDir, 0o755)
  const running = await startPostgres({ dataDir, log: quiet })
  await running.close()
  return dataDir
}

export async function start(dataDir: string, options: Partial<StartPostgres> = {}): Promise<RunningPostgres> {
  const running = await startPostgres({ dataDir, log: quiet, ...options })
  onTestFinished(running.close)
  return running
}

export function client(url: string, max = 1): Sql {
  const sql = connect(url, { max })
  onTestFinished(() => sql.end({ timeout: 1 }))
  return sql
}

/** Starts PostgreSQL from another node process, which a test may kill. */
export async function startElsewhere(
  dataDir: string,
  account: { uid?: number; gid?: number } = {},
): Promise<Told & { node: ChildProcess }> {
  const script = fileURLToPath(new URL('start-child.ts', import.meta.url))
  const node = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
    ...account,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    node.kill('SIGKILL')
  })
  for await (const line of createInterface({ input: node.stdout })) return { node, ...(JSON.parse(line) as Told) }
  throw new Error('the other node process ended without a word')
}

/** A zombie is not alive: nobody may be there to reap it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
