import { randomBytes } from 'node:crypto'
import { appendFileSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { freshDatabase } from '../support/postgres.ts'
import { folder, run } from './support.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let copy: string

/** The project in a folder of its own, with what `npm ci` would install there. */
beforeEach(() => {
  copy = folder()
  for (const part of ['server', 'broker', 'schema', 'dashboard', 'package.json', 'tsconfig.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true })
  install('everything')
})

function install(what: 'everything' | 'no development tools') {
  rmSync(join(copy, 'node_modules'), { recursive: true, force: true })
  mkdirSync(join(copy, 'node_modules'))
  for (const name of readdirSync(join(root, 'node_modules')))
    if (what === 'everything' || !['vite', 'preact', 'typescript', 'vitest', '@biomejs'].includes(name))
      symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name))
}

const index = () => join(copy, 'dashboard/dist/index.html')
const sourceChanges = () => appendFileSync(join(copy, 'dashboard/src/app.tsx'), '\n// changed\n')

async function startCopy() {
  const database = await freshDatabase()
  const env = {
    DATA_DIR: join(copy, 'data'),
    MASTER_KEY: randomBytes(32).toString('hex'),
    DATABASE_URL: database.url,
    HTTP_PORT: '0',
    MQTT_PORT: '0',
    LOG_LEVEL: 'error',
  }
  const server = run(join(copy, 'server/main.ts'), env, { cwd: copy })
  await eventually(() => server.heard.text.includes('mqtt://'), { withinMs: 60_000 })
  const url = /http:\/\/\S+/.exec(server.heard.text)![0]
  const status = (await fetch(url)).status
  const health = (await fetch(`${url}/health`)).status
  server.child.kill('SIGTERM')
  expect((await server.ended).code).toBe(0)
  await database.drop()
  return { status, health, text: server.heard.text }
}

test('a start builds the pages when there are none or a source is newer, and only then', {
  timeout: 120_000,
}, async () => {
  rmSync(join(copy, 'dashboard/dist'), { recursive: true })
  expect(await startCopy()).toMatchObject({ status: 200 })
  const first = statSync(index()).mtimeMs
  expect(await startCopy()).toMatchObject({ status: 200 })
  expect(statSync(index()).mtimeMs).toBe(first)
  sourceChanges()
  expect(await startCopy()).toMatchObject({ status: 200 })
  expect(statSync(index()).mtimeMs).toBeGreaterThan(first)
})

test('without the build tools it starts on the pages that are there, and says when there are none', {
  timeout: 120_000,
}, async () => {
  install('no development tools')
  const built = await startCopy()
  expect(built).toMatchObject({ status: 200, health: 200 })
  expect(built.text).not.toMatch(/pages are|no pages/)
  sourceChanges()
  const old = await startCopy()
  expect(old.status).toBe(200)
  expect(old.text).toContain(
    'The pages are older than their sources and could not be built again: the build tools are not installed',
  )
  rmSync(join(copy, 'dashboard/dist'), { recursive: true })
  const none = await startCopy()
  expect(none).toMatchObject({ status: 404, health: 200 })
  expect(none.text).toContain(
    'There are no pages (the API works without): the build tools are not installed; run npm ci && npm run build',
  )
})
