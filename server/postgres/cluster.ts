import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import type { Home } from './home.ts'

export const databaseUser = 'doors'

const run = promisify(execFile)
const passwordFile = 'doors-password'
const draftPrefix = 'cluster.draft-'

/** The major version that made the cluster; undefined when there is none yet. */
export function clusterMajor(cluster: string): number | undefined {
  const path = join(cluster, 'PG_VERSION')
  if (existsSync(path)) return Number.parseInt(readFileSync(path, 'utf8'), 10)
  if (existsSync(cluster)) throw new Error(`${cluster} is not a PostgreSQL data directory: PG_VERSION is missing`)
  return undefined
}

/** The password lives inside the cluster, so that the two can never be parted. */
export function readPassword(cluster: string): string {
  return readFileSync(join(cluster, passwordFile), 'utf8').trim()
}

/** Built beside its place and renamed when whole: a start that is cut short leaves nothing half made. */
export async function makeCluster({ home, cluster, account }: Home, { bin, major }: Binaries): Promise<void> {
  // A name of its own: an initdb whose server was killed may still be writing to the draft of that time.
  for (const name of readdirSync(home)) if (name.startsWith(draftPrefix)) discard(join(home, name))
  const draft = join(home, `${draftPrefix}${randomBytes(4).toString('hex')}`)
  const password = randomBytes(24).toString('base64url')
  const firstPassword = join(home, passwordFile)
  makeOwnDirectory(draft, account)
  await writeOwnFile(firstPassword, password, account)
  try {
    await run(join(bin, 'initdb'), initdbArguments(draft, firstPassword, major), {
      ...account,
      cwd: '/',
      env: postgresEnvironment(),
    })
  } catch (error) {
    discard(draft)
    throw new Error(`PostgreSQL could not make its data directory: ${lastLines((error as { stderr?: string }).stderr)}`)
  } finally {
    rmSync(firstPassword, { force: true })
  }
  await writeOwnFile(join(draft, passwordFile), password, account)
  sync(join(draft, passwordFile))
  sync(draft)
  renameSync(draft, cluster)
  sync(home)
}

export function makeOwnDirectory(path: string, account: Account): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid)
}

/** Nothing of our environment: it holds secrets, and PG… variables would change what PostgreSQL does. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
}

function initdbArguments(directory: string, pwfile: string, major: number): string[] {
  // From 17 on PostgreSQL knows UTF-8 by itself, so text sorts and folds the same whatever libc it meets.
  const locale = major >= 17 ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--locale=C']
  const access = ['--auth=scram-sha-256', `--username=${databaseUser}`, `--pwfile=${pwfile}`]
  return [`--pgdata=${directory}`, '--encoding=UTF8', ...locale, '--data-checksums', ...access]
}

async function writeOwnFile(path: string, text: string, { uid, gid }: Account): Promise<void> {
  await writeFile(path, text, { mode: 0o600 })
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

function sync(path: string): void {
  const file = openSync(path, 'r')
  fsyncSync(file)
  closeSync(file)
}

function discard(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true })
  } catch {
    // Someone is still writing to it; the next cluster does not need its name.
  }
}

function lastLines(text = ''): string {
  return text.trim().split('\n').slice(-3).join(' ') || 'initdb said nothing'
}
