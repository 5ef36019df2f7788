import { spawnSync } from 'node:child_process'
import { readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from './log.ts'

type PidFile = { pid: number; socket: string | undefined; status: string | undefined; lines: string[] }

/** Above every pid that a kernel gives. */
const noSuchPid = 2_147_483_647

/**
 * Clears the way for a start; only for the holder of the mutex, when no PostgreSQL of ours runs.
 * One that outlived its server is waited for, then stopped. A pid that now means another process is replaced by one
 * that means none. The file itself stays: it names the shared memory by which PostgreSQL knows that children of a
 * killed postmaster are still at work.
 */
export async function settlePidFile(cluster: string, log: Log): Promise<void> {
  const path = join(cluster, 'postmaster.pid')
  const found = readPidFile(cluster)
  if (found === undefined) return
  if (!(found.pid > 0)) return rmSync(path, { force: true })
  if (serves(found.pid, cluster)) return stopOrphan(found.pid, cluster, log)
  if (found.socket && (await answers(found.socket)))
    throw new Error(`a PostgreSQL that this server cannot see (in another container?) is at work on ${cluster}`)
  if (!isAlive(found.pid)) return
  log.warn(`postmaster.pid names process ${found.pid}, which is not its PostgreSQL: put right`)
  writeFileSync(path, [noSuchPid, ...found.lines.slice(1)].join('\n'))
}

export function isReady(cluster: string, pid: number): boolean {
  const found = readPidFile(cluster)
  return found?.pid === pid && found.status === 'ready'
}

function readPidFile(cluster: string): PidFile | undefined {
  let text: string
  try {
    text = readFileSync(join(cluster, 'postmaster.pid'), 'utf8')
  } catch {
    return undefined
  }
  const lines = text.split('\n')
  const [pid, , , port, socketDir] = lines
  const socket = socketDir && port ? join(socketDir, `.s.PGSQL.${port}`) : undefined
  return { pid: Number.parseInt(pid ?? '', 10), socket, status: lines[7]?.trim(), lines }
}

async function stopOrphan(pid: number, cluster: string, log: Log): Promise<void> {
  log.warn(`PostgreSQL (pid ${pid}) has outlived its server: waiting until it stops`)
  const gone = () => !serves(pid, cluster)
  if (await within(5_000, gone)) return
  for (const [signal, patience] of [['SIGINT', 30_000] as const, ['SIGQUIT', 10_000] as const]) {
    send(pid, signal)
    if (await within(patience, gone)) return
  }
  throw new Error(`PostgreSQL (pid ${pid}) is running on ${cluster} and does not stop`)
}

async function within(ms: number, isTrue: () => boolean): Promise<boolean> {
  const deadline = Date.now() + ms
  while (!isTrue()) {
    if (Date.now() > deadline) return false
    await delay(20)
  }
  return true
}

/** A postmaster works in its data directory; a zombie works nowhere. */
function serves(pid: number, cluster: string): boolean {
  if (process.platform === 'linux') {
    try {
      return (
        readlinkSync(`/proc/${pid}/cwd`) === cluster && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres'
      )
    } catch {
      return false
    }
  }
  const { stdout } = spawnSync('ps', ['-o', 'stat=,command=', '-p', String(pid)], { encoding: 'utf8' })
  return !stdout.startsWith('Z') && stdout.includes('postgres') && stdout.includes(cluster)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has gone meanwhile, which is what we want.
  }
}

function answers(socket: string): Promise<boolean> {
  return new Promise(resolve => {
    const attempt = connect(socket)
    const settle = (answer: boolean) => {
      attempt.destroy()
      resolve(answer)
    }
    attempt.on('connect', () => settle(true)).on('error', () => settle(false))
  })
}
