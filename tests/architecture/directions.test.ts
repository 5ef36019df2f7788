import { describe, expect, test } from 'vitest'
import { folderOf, importsOf, readSources, type SourceFile } from './imports.ts'

const sources = readSources()
const own = sources.filter(file => !file.path.startsWith('tests/'))
const isOurs = (name: string) => sources.some(file => file.path === name) || /\.(ts|tsx|json|css|sql)$/.test(name)
const inFolder = (folder: string) => own.filter(file => file.path.startsWith(`${folder}/`))

/** "file → import" of every import that `wrong` says yes to. */
const breaches = (files: SourceFile[], wrong: (name: string) => boolean) =>
  files.flatMap(file => file.imports.filter(wrong).map(name => `${file.path} → ${name}`))

const starts = (name: string, ...folders: string[]) => folders.some(folder => name.startsWith(`${folder}/`))

describe('directions of imports', () => {
  test('the reader sees every form of import', () => {
    const text = [
      `import a, { b } from './one.ts'`,
      `import type { C } from "two"`,
      `import './three.css'`,
      `import {\n  d,\n} from './four.ts'`,
      `export { e } from './five.ts'`,
      `const f = await import('./six.ts')`,
      `export const notOne = 'x'`,
    ].join('\n')
    expect(importsOf(text)).toEqual(['./one.ts', 'two', './three.css', './four.ts', './five.ts', './six.ts'])
  })

  test('there is something to look at', () => {
    expect(own.length).toBeGreaterThan(30)
    expect(sources.flatMap(file => file.imports).length).toBeGreaterThan(100)
  })

  test('nothing but tests imports tests', () => {
    expect(breaches(own, name => starts(name, 'tests'))).toEqual([])
  })

  test('broker and firmware-sim see only schema/wire', () => {
    for (const folder of ['broker', 'firmware-sim']) {
      expect(breaches(inFolder(folder), name => isOurs(name) && !starts(name, folder, 'schema/wire'))).toEqual([])
    }
  })

  test('dashboard sees only schema/api', () => {
    expect(breaches(inFolder('dashboard'), name => isOurs(name) && !starts(name, 'dashboard', 'schema/api'))).toEqual(
      [],
    )
  })

  test('schema sees only schema, and wire and api neither tables nor a database', () => {
    expect(breaches(inFolder('schema'), name => isOurs(name) && !starts(name, 'schema'))).toEqual([])
    const said = [...inFolder('schema/wire'), ...inFolder('schema/api')]
    expect(breaches(said, name => starts(name, 'schema/tables') || /^(drizzle-orm|postgres)/.test(name))).toEqual([])
  })

  test('domain never imports a transport or drizzle', () => {
    const transports = /^(@fastify\/|fastify|aedes|mqtt|ws|drizzle-orm)(\/|$|[a-z-]*$)/
    expect(breaches(inFolder('server/domain'), name => transports.test(name))).toEqual([])
    const outer = ['server/http', 'server/devices', 'server/live', 'server/delivery', 'broker']
    expect(breaches(inFolder('server/domain'), name => starts(name, ...outer))).toEqual([])
  })

  test('store sees neither domain nor what stands above it', () => {
    const above = ['server/domain', 'server/http', 'server/devices', 'server/live', 'server/delivery', 'broker']
    expect(breaches(inFolder('server/store'), name => starts(name, ...above))).toEqual([])
  })

  test('only broker knows aedes', () => {
    expect(
      breaches(
        own.filter(file => !file.path.startsWith('broker/')),
        name => /^aedes/.test(name),
      ),
    ).toEqual([])
  })

  test('only what opens it, what looks before a start and devices know the broker', () => {
    const wires = ['server/open-broker.ts', 'server/probe.ts']
    const others = inFolder('server').filter(
      file => !wires.includes(file.path) && !file.path.startsWith('server/devices/'),
    )
    expect(breaches(others, name => starts(name, 'broker'))).toEqual([])
  })

  test('imports of our own files name the file', () => {
    expect(
      breaches(
        sources,
        name => name.includes('/') && starts(name, ...['schema', 'broker', 'server', 'tests']) && !isOurs(name),
      ),
    ).toEqual([])
  })

  test('no cycles between folders', () => {
    expect(cycles(edges(own))).toEqual([])
  })

  test('no file over 350 lines', () => {
    expect(sources.filter(file => file.lines > 350).map(file => `${file.path}: ${file.lines} lines`)).toEqual([])
  })
})

function edges(files: SourceFile[]): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>()
  for (const file of files) {
    const from = folderOf(file.path)
    const seen = graph.get(from) ?? new Set()
    graph.set(from, seen)
    for (const name of file.imports.filter(isOurs)) if (folderOf(name) !== from) seen.add(folderOf(name))
  }
  return graph
}

/** Folders directly in server (`server`) hold the wiring and what all may use; they are left out of the search. */
function cycles(graph: Map<string, Set<string>>): string[] {
  const found = new Set<string>()
  const walk = (folder: string, path: string[]) => {
    const at = path.indexOf(folder)
    if (at >= 0) {
      const ring = path.slice(at)
      const first = ring.indexOf([...ring].sort()[0]!)
      found.add([...ring.slice(first), ...ring.slice(0, first), ring[first]].join(' → '))
      return
    }
    for (const next of graph.get(folder) ?? []) if (next !== 'server') walk(next, [...path, folder])
  }
  for (const folder of graph.keys()) if (folder !== 'server') walk(folder, [])
  return [...found]
}
