import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Account } from './account.ts'
import { makeOwnDirectory } from './cluster.ts'
import type { Home } from './home.ts'
import { socketPort } from './postmaster.ts'

export type SocketDir = { path: string; clear(): void; remove(): void }

/** What fits sockaddr_un, without its closing zero, everywhere. */
const longestSocketPath = process.platform === 'linux' ? 107 : 103

export function makeSocketDir({ home, account }: Home): SocketDir {
  const inside = join(home, 'socket')
  if (fits(inside)) return own(inside, account)
  return own(mkdtempSync('/tmp/doors-'), account)
}

function own(path: string, account: Account): SocketDir {
  makeOwnDirectory(path, account)
  return {
    path,
    // A socket's lock file names a pid as well, and PostgreSQL would refuse when that now means another process.
    clear: () => {
      for (const name of readdirSync(path)) if (name.startsWith('.s.PGSQL.')) rmSync(join(path, name), { force: true })
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

function fits(directory: string): boolean {
  return Buffer.byteLength(join(directory, `.s.PGSQL.${socketPort}`)) <= longestSocketPath
}
