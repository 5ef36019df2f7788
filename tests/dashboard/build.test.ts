import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { languages } from '../../dashboard/src/i18n/words.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const assets = `${root}dashboard/dist/assets/`

test('the pages built for a test are those built for people: no word of the folder they were built in', () => {
  const scripts = readdirSync(assets).filter(name => name.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(10)
  for (const name of scripts) expect(readFileSync(assets + name, 'utf8')).not.toContain(root)
})

test('each language is a file of its own: nobody fetches the words of two', async () => {
  const [fr, en] = await Promise.all([languages.fr.load(), languages.en.load()])
  const long = /^[\w ]{15,}$/
  const words = (Object.keys(fr) as (keyof typeof fr)[]).filter(word => long.test(fr[word]) && long.test(en[word]))
  expect(words.length).toBeGreaterThan(30)
  for (const name of readdirSync(assets).filter(each => each.endsWith('.js'))) {
    const script = readFileSync(assets + name, 'utf8')
    const told = [fr, en].filter(each => words.some(word => script.includes(each[word])))
    expect([name, told.length > 1]).toEqual([name, false])
  }
})
