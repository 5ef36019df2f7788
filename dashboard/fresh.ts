import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = [
  'dashboard/src',
  'dashboard/public',
  'dashboard/index.html',
  'dashboard/build.ts',
  'schema/api',
  'package.json',
]
const built = join(root, 'dashboard/dist')
export const hashFile = 'sources.sha256'

/**
 * Builds the dashboard when it was not built from the sources that are here. Answers what went wrong, in words for the
 * operator; undefined when the pages are those of the sources. In a process of its own: a server needs no build tools.
 */
export async function freshDashboard(): Promise<string | undefined> {
  const hash = join(built, hashFile)
  if (existsSync(hash) && readFileSync(hash, 'utf8') === sourcesHash()) return undefined
  const wrong = await runBuild()
  if (wrong === undefined) return undefined
  return existsSync(built)
    ? `The pages are older than their sources and could not be built again: ${wrong}`
    : `There are no pages (the API works without): ${wrong}`
}

/** Of the text and not of the time: a clone, a copy and an image each give files new times. */
export function sourcesHash(): string {
  const hash = createHash('sha256')
  for (const path of sources.flatMap(name => filesIn(join(root, name))).sort())
    hash.update(`${relative(root, path)}\n${statSync(path).size}\n`).update(readFileSync(path))
  return hash.digest('hex')
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path).flatMap(name => filesIn(join(path, name)))
}

function runBuild(): Promise<string | undefined> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'dashboard/build.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', bytes => {
    said += bytes
  })
  return new Promise(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('close', code => resolve(code === 0 ? undefined : reasonIn(said)))
  })
}

const reasonIn = (said: string): string =>
  said.includes("Cannot find package 'vite'")
    ? 'the build tools are not installed; run npm ci && npm run build without --omit=dev, and bring dashboard/dist here'
    : `npm run build fails: ${/^\w*Error.*/m.exec(said)?.[0] ?? said.trim()}`
