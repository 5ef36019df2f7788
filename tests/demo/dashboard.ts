import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dashboard = join(root, 'dashboard')
const built = join(dashboard, 'dist', 'index.html')

/** Builds the dashboard when one of its sources is newer than what was built. */
export function buildDashboard(): void {
  if (existsSync(built) && newest(dashboard) <= statSync(built).mtimeMs) return
  const done = spawnSync(process.execPath, ['--import', 'tsx', join(dashboard, 'build.ts')], {
    cwd: root,
    stdio: 'inherit',
  })
  if (done.status !== 0) throw new Error('the dashboard could not be built')
}

function newest(folder: string): number {
  const times = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.split(sep)[0] !== 'dist')
    .map(name => statSync(join(folder, name)))
    .filter(stats => stats.isFile())
    .map(stats => stats.mtimeMs)
  return Math.max(0, ...times)
}
