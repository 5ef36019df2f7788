import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Account, canReach, chooseAccount } from './account.ts'
import type { Log } from './log.ts'
import { holderOf } from './mutex.ts'

/** Where PostgreSQL's own files are: home/cluster and home/socket. */
export type Home = { home: string; cluster: string; account: Account }

export const sharedPlace = '/var/lib/conciergerie-doors'
const noteName = 'postgres-is-at'

/**
 * Usually dataDir/postgres. An account that root stepped down to cannot enter a directory under /root: then the
 * cluster is in /var/lib and a note in the data directory says where, so that moving the data directory keeps it.
 */
export function findHome(givenDir: string, log: Log): Home {
  mkdirSync(givenDir, { recursive: true })
  const dataDir = realpathSync(givenDir)
  const noted = readNote(dataDir)
  if (noted) return enter(dataDir, noted)

  const inside = join(dataDir, 'postgres')
  const account = chooseAccount(dataDir, join(inside, 'cluster'))
  if (canReach(account, dataDir)) return enter(dataDir, inside)
  if (existsSync(join(inside, 'cluster')))
    throw new Error(`user ${account.uid} can no longer enter ${dataDir}: give it back its permissions (chmod o+x)`)

  const outside = join(sharedPlace, createHash('sha256').update(dataDir).digest('hex').slice(0, 16))
  log.info(`PostgreSQL runs as user ${account.uid}, who cannot enter ${dataDir}: its files are in ${outside}`)
  const home = enter(dataDir, outside)
  writeFileSync(join(dataDir, noteName), `${outside}\n`)
  return home
}

/** The server at work on this directory, found without touching anything; undefined when there is none. */
export async function otherServerAt(givenDir: string): Promise<{ pid: number | undefined } | undefined> {
  if (!existsSync(givenDir)) return undefined
  const dataDir = realpathSync(givenDir)
  const note = join(dataDir, noteName)
  const home = existsSync(note) ? readFileSync(note, 'utf8').trim() : join(dataDir, 'postgres')
  return existsSync(home) ? holderOf(realpathSync(home)) : undefined
}

export const inUse = (dataDir: string, pid: number | undefined): string =>
  `DATA_DIR ${dataDir} is in use by another server (process ${pid ?? 'unknown'}): stop it, or set DATA_DIR to another directory`

function readNote(dataDir: string): string | undefined {
  const path = join(dataDir, noteName)
  if (!existsSync(path)) return undefined
  const home = readFileSync(path, 'utf8').trim()
  if (!existsSync(home))
    throw new Error(
      `${path} says that the database is in ${home}, which is gone: bring it back, or remove the file to start empty`,
    )
  return home
}

function enter(dataDir: string, wanted: string): Home {
  mkdirSync(wanted, { recursive: true })
  const home = realpathSync(wanted)
  const cluster = join(home, 'cluster')
  const account = chooseAccount(dataDir, cluster)
  // Whatever our umask, the account we step down to must get in; what is inside is closed to all others.
  if (account.uid !== undefined) chmodSync(home, 0o755)
  if (dirname(home) === sharedPlace) chmodSync(sharedPlace, 0o755)
  if (!canReach(account, home)) throw new Error(`user ${account.uid} cannot enter ${home}: set DATABASE_URL`)
  return { home, cluster, account }
}
