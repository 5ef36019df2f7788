import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { hashFile, sourcesHash } from './fresh.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const draft = here(`dist.draft-${process.pid}`)
/** What a caretaker's phone fetches before the wall shows: script, compressed with gzip. */
const firstLoadBytes = 60_000

// Whoever asks, the pages are those for people: a test run has NODE_ENV=test, and Vite would build for development.
process.env.NODE_ENV = 'production'
const hash = sourcesHash()
try {
  const { output } = (await build({
    configFile: false,
    root: here('.'),
    base: '/',
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    // Scripts, styles and pictures are files: the server's content policy allows nothing inline.
    build: { outDir: draft, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  })) as Rolldown.RolldownOutput
  const chunks = output.filter(file => file.type === 'chunk')
  keepFirstLoadSmall(chunks)
  compress(output)
  writeFileSync(`${draft}/${hashFile}`, hash)
  // Built beside its place: a server at work, or one that builds at the same time, never finds half of it.
  rmSync(here('dist'), { recursive: true, force: true })
  renameSync(draft, here('dist'))
} finally {
  rmSync(draft, { recursive: true, force: true })
}

function keepFirstLoadSmall(chunks: Rolldown.OutputChunk[]): void {
  const wall = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith('/wall/wall-page.tsx'))
  const entry = chunks.find(({ isEntry }) => isEntry)
  if (!wall || !entry) throw new Error('The wall is no part of its own any more: its first load cannot be measured.')
  const needed = new Set([entry.fileName, wall.fileName, largestLanguage(chunks).fileName])
  for (const name of needed)
    for (const more of chunks.find(({ fileName }) => fileName === name)!.imports) needed.add(more)
  const sizes = chunks.filter(({ fileName }) => needed.has(fileName)).map(({ code }) => gzipSync(code).length)
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  console.log(
    `first load of the wall: ${(bytes / 1000).toFixed(1)} kB of script, gzip (at most ${firstLoadBytes / 1000})`,
  )
  if (bytes > firstLoadBytes)
    throw new Error(`The wall's first load is ${bytes} bytes; load more of it when it is needed.`)
}

/** Each language is a part of its own, and one of them is fetched. */
function largestLanguage(chunks: Rolldown.OutputChunk[]): Rolldown.OutputChunk {
  const all = chunks.filter(({ facadeModuleId }) => /\/i18n\/\w\w\.ts$/.test(facadeModuleId ?? ''))
  if (all.length < 2) throw new Error('The languages are not parts of their own any more.')
  return all.reduce((largest, each) => (gzipSync(each.code).length > gzipSync(largest.code).length ? each : largest))
}

/** Once here instead of in every answer; @fastify/static sends these to those who take them. */
function compress(output: Rolldown.RolldownOutput['output']): void {
  for (const file of output) {
    const text = file.type === 'chunk' ? file.code : file.source
    if (!/\.(js|css|html|svg|wasm)$/.test(file.fileName)) continue
    writeFileSync(`${draft}/${file.fileName}.br`, brotliCompressSync(text))
    writeFileSync(`${draft}/${file.fileName}.gz`, gzipSync(text))
  }
}
