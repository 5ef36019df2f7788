import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { Refuse } from '../../schema/wire/down.ts'
import { eventShapes } from '../../schema/wire/events.ts'
import { allRules, sections } from '../../schema/wire/rules/all.ts'
import { downKinds, upKinds } from '../../schema/wire/topics.ts'
import { uncited } from './uncited.ts'

const ids = Object.keys(allRules)
const numbered = new RegExp(`\\b(?:${Object.keys(sections).join('|')})-\\d+\\b`, 'g')

/** Rule ids in titles and comments of tests. */
function citedIn(folder: string): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    name => /\.tsx?$/.test(name) && !/wire[\\/](rules\.test|uncited)\.ts$/.test(name),
  )
  return new Set(files.flatMap(name => readFileSync(join(folder, name), 'utf8').match(numbered) ?? []))
}
const cited = citedIn(fileURLToPath(new URL('..', import.meta.url)))

/** Words of a shape's member that may have only some: `reason`, `mode`, `source`. */
function wordsOf(shape: object, member: string): string[] {
  const { properties } = shape as { properties: Record<string, { anyOf?: { const: string }[] }> }
  return properties[member]?.anyOf?.map(each => each.const) ?? []
}

describe('ids', () => {
  test('have their section’s form, count up, and are unique', () => {
    for (const [section, { rules }] of Object.entries(sections)) {
      const numbers = Object.keys(rules).map(id => Number(new RegExp(`^${section}-([1-9]\\d*)$`).exec(id)?.[1]))
      expect(numbers, section).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      expect(numbers.every(Number.isInteger), section).toBe(true)
    }
    expect(ids.length).toBe(Object.values(sections).reduce((sum, { rules }) => sum + Object.keys(rules).length, 0))
  })

  test.each(Object.entries(allRules))('%s says whom it binds, in one or two short sentences', (_id, { side, text }) => {
    expect(['device', 'server', 'both']).toContain(side)
    expect(text).toMatch(/^\S.{10,130}\.$/)
  })
})

describe('every word of the shapes stands in a rule', () => {
  const texts = (section: string) => Object.values(sections[section]!.rules).map(rule => rule.text)
  const all = ids.map(id => allRules[id]!.text)
  const has = (list: string[], ...words: string[]) =>
    list.some(text => words.every(word => text.includes(`\`${word}\``)))

  test.each([...upKinds.map(kind => `up/${kind}`), ...downKinds.map(kind => `down/${kind}`)])('topic %s', topic => {
    expect(has(all, topic)).toBe(true)
  })

  test.each(Object.entries(eventShapes))('event %s, with its choices', (type, shape) => {
    expect(has(all, type)).toBe(true)
    for (const member of ['reason', 'mode', 'source'])
      for (const word of wordsOf(shape, member)) expect(has(all, type, word), word).toBe(true)
  })

  test.each(wordsOf(Refuse, 'reason'))('refusal %s', word => {
    expect(texts('CODE').some(text => text.includes('refusals') && text.includes(`\`${word}\``))).toBe(true)
  })

  test.each(['open', 'mode', 'refuse', 'online', 'offline'])('message %s', word => {
    expect(has(all, word)).toBe(true)
  })
})

describe('tests that show them', () => {
  test('every id that a test cites is a rule', () => {
    expect([...cited].filter(id => !(id in allRules))).toEqual([])
  })

  test('a rule that no test cites is on the list, which may only shrink', () => {
    expect(ids.filter(id => !cited.has(id) && !uncited.includes(id))).toEqual([])
  })

  test('a rule that a test cites is off the list', () => {
    expect(uncited.filter(id => cited.has(id) || !(id in allRules))).toEqual([])
  })
})
