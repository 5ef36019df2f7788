import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const assets = `${root}dashboard/dist/assets/`

test('the pages built for a test are those built for people: no word of the folder they were built in', () => {
  const scripts = readdirSync(assets).filter(name => name.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(10)
  for (const name of scripts) expect(readFileSync(assets + name, 'utf8')).not.toContain(root)
})
