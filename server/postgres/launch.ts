import { findBinaries } from './binaries.ts'
import { clusterMajor, databaseUser, makeCluster, readPassword } from './cluster.ts'
import { connect } from './connect.ts'
import { findHome, type Home, inUse, sharedPlace } from './home.ts'
import type { Log } from './log.ts'
import { claim } from './mutex.ts'
import type { Settings } from './postmaster.ts'
import { makeSocketDir } from './socket-dir.ts'
import { supervise } from './supervise.ts'

export type StartPostgres = {
  /** Ours to fill; PostgreSQL's own files go to its folder `postgres`. */
  dataDir: string
  log: Log
  /** PostgreSQL ended by itself; it is being started again on the same url. */
  onDown?: (reason: string) => void
  /** Settings as in postgresql.conf, over ours. */
  settings?: Settings
}

export type RunningPostgres = { url: string; socketDir: string; pid(): number; close(): Promise<void> }

const databaseName = 'doors'

export async function startPostgres({ dataDir, log, onDown, settings }: StartPostgres): Promise<RunningPostgres> {
  if (process.platform === 'win32')
    throw new Error('the embedded PostgreSQL runs on Linux and macOS: on Windows set DATABASE_URL (or use WSL)')
  const home = findHome(dataDir, log)
  const mutex = await claim(home.home)
  if ('heldBy' in mutex) throw Object.assign(new Error(inUse(dataDir, mutex.heldBy)), { code: 'DATA_DIR_IN_USE' })
  try {
    return await startInside(home, { log, onDown: onDown ?? (() => {}), settings: settings ?? {} }, mutex.release)
  } catch (error) {
    await mutex.release()
    throw error
  }
}

type Wishes = { log: Log; onDown: (reason: string) => void; settings: Settings }

async function startInside(home: Home, wishes: Wishes, release: () => Promise<void>): Promise<RunningPostgres> {
  const { cluster, account } = home
  const { log, onDown, settings } = wishes
  const madeBy = clusterMajor(cluster)
  const copyTo = account.uid === undefined ? home.home : sharedPlace
  const binaries = await findBinaries({ account, copyTo, madeBy, log })
  if (madeBy === undefined) await makeCluster(home, binaries)

  const socketDir = makeSocketDir(home)
  const command = { bin: binaries.bin, cluster, socketDir: socketDir.path, account, settings }
  const running = await supervise({ command, socketDir, log, onDown })
  const close = onlyOnce(async () => {
    await running.stop()
    socketDir.remove()
    await release()
  })
  try {
    const url = urlOf(databaseName, readPassword(cluster), socketDir.path)
    await ensureDatabase(urlOf('postgres', readPassword(cluster), socketDir.path))
    log.info(`PostgreSQL ${binaries.version} is ready (pid ${running.pid()})`)
    return { url, socketDir: socketDir.path, pid: running.pid, close }
  } catch (error) {
    await running.stop()
    socketDir.remove()
    throw error
  }
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const sql = connect(adminUrl, { max: 1 })
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${databaseName}`
    if (!found) await sql`create database ${sql(databaseName)}`
  } finally {
    await sql.end({ timeout: 1 })
  }
}

function urlOf(database: string, password: string, socketDir: string): string {
  return `postgres://${databaseUser}:${password}@localhost/${database}?host=${encodeURIComponent(socketDir)}`
}

function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}
