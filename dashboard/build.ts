import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

await build({
  configFile: false,
  root: here('.'),
  base: '/',
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // Scripts, styles and pictures are files: the server's content policy allows nothing inline.
  build: { outDir: here('dist'), emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
