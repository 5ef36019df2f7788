import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { hashFile, sourcesHash } from './fresh.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const draft = here(`dist.draft-${process.pid}`)

const hash = sourcesHash()
try {
  await build({
    configFile: false,
    root: here('.'),
    base: '/',
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    // Scripts, styles and pictures are files: the server's content policy allows nothing inline.
    build: { outDir: draft, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  })
  writeFileSync(`${draft}/${hashFile}`, hash)
  // Built beside its place: a server at work, or one that builds at the same time, never finds half of it.
  rmSync(here('dist'), { recursive: true, force: true })
  renameSync(draft, here('dist'))
} finally {
  rmSync(draft, { recursive: true, force: true })
}
