import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { Account } from './account.ts'
import { postgresEnvironment } from './cluster.ts'
import type { Log } from './log.ts'
import { isReady } from './pid-file.ts'

export type Postmaster = {
  pid: number
  /** Settles with the last words when the process has ended, however it ended. */
  ended: Promise<string>
  hasEnded(): boolean
  stop(): Promise<void>
}

export type Command = { bin: string; cluster: string; socketDir: string; account: Account; settings: Settings }
export type Settings = Record<string, string>

export const socketPort = 5432

/**
 * A small shell is the parent of PostgreSQL. It holds a pipe from us that closes however we end, and then stops
 * PostgreSQL (SIGINT: fast shutdown). It ignores what a terminal or a service manager sends to a whole group.
 */
const watcher = `
trap '' HUP INT TERM
exec 3<&0
"$@" </dev/null 3<&- &
postgres=$!
echo "$postgres"
exec >&-
( read -r _ <&3; kill -s INT "$postgres" ) </dev/null 2>/dev/null &
watch=$!
exec 3<&-
wait "$postgres"
code=$?
kill -s KILL "$watch" 2>/dev/null
exit "$code"
`

export async function startPostmaster(command: Command, log: Log): Promise<Postmaster> {
  const shell = spawn('/bin/sh', ['-c', watcher, 'postgres-watcher', ...commandLine(command)], {
    ...command.account,
    cwd: '/',
    env: postgresEnvironment(),
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const words: string[] = []
  createInterface({ input: shell.stderr }).on('line', line => {
    words.push(line)
    if (words.length > 20) words.shift()
    log.info(`postgres: ${line}`)
  })
  shell.stdin.on('error', () => {})
  let over = false
  const ended = new Promise<string>(resolve => {
    const settle = (how: string) => {
      over = true
      resolve([how, ...words.slice(-4)].join('; '))
    }
    shell.once('error', error => settle(error.message))
    shell.once('exit', async (code, signal) => {
      // The last words may still be on their way; surviving children of PostgreSQL can hold the pipe for long.
      await Promise.race([once(shell.stderr, 'close'), delay(300)]).catch(() => {})
      settle(signal ? `killed by ${signal}` : `exit code ${code}`)
    })
  })
  const pid = await Promise.race([firstNumber(shell), ended])
  if (typeof pid !== 'number') throw new Error(`PostgreSQL did not start: ${pid}`)

  const postmaster = { pid, ended, hasEnded: () => over, stop: () => stop(shell, pid, ended) }
  await untilReady(postmaster, command.cluster, log).catch(async error => {
    await postmaster.stop()
    throw error
  })
  return postmaster
}

function commandLine({ bin, cluster, socketDir, settings }: Command): string[] {
  const all: Settings = {
    listen_addresses: '',
    port: String(socketPort),
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: '',
    // Failed statements are told to whoever sent them; their values are no business of a log.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    ...settings,
  }
  return [
    `${bin}/postgres`,
    '-D',
    cluster,
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

async function firstNumber({ stdout }: ChildProcess): Promise<number> {
  for await (const line of createInterface({ input: stdout! })) return Number(line)
  return new Promise(() => {})
}

/** Recovery after a power loss may take minutes, so only the end of the process is a failure. */
async function untilReady({ pid, ended, hasEnded }: Postmaster, cluster: string, log: Log): Promise<void> {
  const startedAt = Date.now()
  let nextWordAt = startedAt + 5_000
  while (!isReady(cluster, pid)) {
    if (hasEnded()) throw new Error(`PostgreSQL did not start: ${await ended}`)
    if (Date.now() > nextWordAt) {
      log.info(`PostgreSQL is still recovering after ${Math.round((Date.now() - startedAt) / 1000)} s`)
      nextWordAt += 5_000
    }
    await delay(10)
  }
}

async function stop(shell: ChildProcess, pid: number, ended: Promise<string>): Promise<void> {
  shell.stdin?.end()
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    const timer = new AbortController()
    const late = delay(20_000, 'late', { signal: timer.signal }).catch(() => 'stopped')
    const how = await Promise.race([ended, late])
    timer.abort()
    if (how !== 'late') return
    try {
      process.kill(pid, signal)
    } catch {
      // It went in that very moment.
    }
  }
  await ended
}
