import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('../../dashboard/src/i18n/', import.meta.url)

test('no two features have a word of the same name: one would be told the other’s', async () => {
  const features = readdirSync(folder).filter(name => /-fr\.ts$/.test(name))
  expect(features.length).toBeGreaterThan(3)
  const seen: string[] = []
  for (const name of features) {
    const words: Record<string, Record<string, string>> = await import(new URL(name, folder).href)
    seen.push(...Object.values(words).flatMap(each => Object.keys(each)))
  }
  const own = readFileSync(new URL('fr.ts', folder), 'utf8').matchAll(/^ {2}'?([\w-]+)'?:/gm)
  for (const [, word] of own) seen.push(word!)
  expect(seen.filter((word, at) => seen.indexOf(word) !== at)).toEqual([])
})
