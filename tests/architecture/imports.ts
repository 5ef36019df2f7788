import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const areas = ['schema', 'broker', 'server', 'firmware-sim', 'dashboard', 'tests']
const notOurs = /(^|\/)(node_modules|dist|data|meta)\//

export type SourceFile = { path: string; lines: number; imports: string[] }

/** Every source file with what it imports: paths from the root for our own files, package names for the rest. */
export function readSources(): SourceFile[] {
  return areas.flatMap(area => filesIn(area)).map(readSource)
}

function filesIn(area: string): string[] {
  return readdirSync(join(root, area), { recursive: true, encoding: 'utf8' })
    .map(name => posix.join(area, name.split(sep).join('/')))
    .filter(path => /\.tsx?$/.test(path) && !notOurs.test(path))
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, lines: text.split('\n').length - 1, imports: importsOf(text).map(name => resolve(path, name)) }
}

/** Import and export lines, dynamic imports too; a comment or a string that looks like one is not worth a parser. */
export function importsOf(text: string): string[] {
  const fixed = text.matchAll(/^\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)
  const dynamic = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)
  return [...fixed, ...dynamic].map(match => match[1]!)
}

const resolve = (from: string, name: string) =>
  name.startsWith('.')
    ? relative(root, join(root, dirname(from), name))
        .split(sep)
        .join('/')
    : name

/** The folder a file answers for: two levels inside server and schema, one elsewhere. */
export function folderOf(path: string): string {
  const [area, inner, ...rest] = path.split('/')
  return (area === 'server' || area === 'schema') && rest.length > 0 ? `${area}/${inner}` : area!
}
