import { execFileSync, spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { userInfo } from 'node:os'

/** Who PostgreSQL runs as. Empty: as ourselves. It refuses to run as root, so root steps down by spawn's uid and gid. */
export type Account = { uid?: number; gid?: number }

const useYourOwn = 'set DATABASE_URL to a PostgreSQL of your own'

/** `cluster` is looked at first: what was made by one account must be served by the same. */
export function chooseAccount(dataDir: string, cluster: string): Account {
  const owner = statSync(cluster, { throwIfNoEntry: false }) ?? statSync(dataDir)
  const isCluster = owner.ino === statSync(cluster, { throwIfNoEntry: false })?.ino
  if (process.getuid?.() !== 0) {
    refuseWithoutName()
    if (isCluster && owner.uid !== process.getuid?.())
      throw new Error(`data directory ${dataDir} belongs to user ${owner.uid}: start as that user, or ${useYourOwn}`)
    return {}
  }
  if (isCluster && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  if (owner.uid !== 0 && id('-un', String(owner.uid))) return { uid: owner.uid, gid: owner.gid }
  for (const name of ['postgres', 'nobody']) {
    const uid = Number(id('-u', name))
    const gid = Number(id('-g', name))
    if (uid > 0 && gid > 0) return { uid, gid }
  }
  throw new Error(`PostgreSQL does not run as root and there is no user postgres or nobody: ${useYourOwn}`)
}

/** initdb looks its user up by number and gives up without a name (a container started with an arbitrary uid). */
function refuseWithoutName(): void {
  try {
    userInfo()
  } catch {
    throw new Error(`user ${process.getuid?.()} has no entry in /etc/passwd, so PostgreSQL cannot start: ${useYourOwn}`)
  }
}

export function canReach(account: Account, directory: string): boolean {
  if (account.uid === undefined) return true
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { ...account, cwd: '/', stdio: 'ignore' }).status === 0
  )
}

function id(what: string, of: string): string | undefined {
  try {
    return execFileSync('id', [what, of], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}
