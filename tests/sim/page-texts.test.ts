import { describe, expect, test } from 'vitest'
import type { Refusal } from '../../firmware-sim/machine/state.ts'
import { Refuse } from '../../schema/wire/down.ts'
import { eventShapes } from '../../schema/wire/events.ts'

type Answer = { result: string; reason?: string; forMs?: number; from?: number; until?: number; usedAt?: number }
type Place = { language: string; timeZone: string; online: boolean; badge?: boolean }
// a page's script, outside of the compiler's view
const script = new URL('../../firmware-sim/page/texts.js', import.meta.url).href
const { sayAnswer } = (await import(script)) as { sayAnswer(answer: Answer, place: Place): [string, string] }

const reasonsIn = (shape: unknown): string[] => (shape as { anyOf: { const: string }[] }).anyOf.map(each => each.const)
const own: Refusal[] = ['busy', 'jammed', 'journal-full', 'no-power']
const reasons = [
  ...new Set([
    ...own,
    ...reasonsIn(eventShapes['code-refused'].properties.reason),
    ...reasonsIn(Refuse.properties.reason),
  ]),
].filter(reason => reason !== 'locked')
const times = { from: Date.now(), until: Date.now(), usedAt: Date.now() }
const advice = {
  fr: /recommencez|revenez|réessayez|retapez|prévenez|demandez|adressez-vous|peut vous aider/i,
  en: /try|come|later|again|tell|ask|can help/i,
}

describe.each(['fr', 'en'] as const)('at the keypad, in %s', language => {
  const place = { language, timeZone: 'Europe/Paris', online: true }
  const refused = (reason: string, more: object = {}) => sayAnswer({ result: 'refused', reason, ...more }, place)

  test('no two refusals are said in the same words', () => {
    expect(reasons.length).toBeGreaterThan(9)
    expect(new Set(reasons.map(reason => refused(reason)[0])).size).toBe(reasons.length)
  })

  test.each(reasons)('%s: short, and says what to do', reason => {
    for (const [title, what] of [refused(reason), refused(reason, times)]) {
      expect(title.length).toBeLessThanOrEqual(20)
      expect(what.length).toBeLessThanOrEqual(100)
      expect(what).toMatch(advice[language])
      expect(what).not.toMatch(/undefined|null/)
    }
  })

  test('a lock-out says for how long', () => {
    expect(sayAnswer({ result: 'locked', forMs: 290_000 }, place)[1]).toMatch(/dans 5 minutes|in 5 minutes/)
    expect(sayAnswer({ result: 'locked', forMs: 10 }, place)[1]).toMatch(/dans 1 minute\.|in 1 minute\./)
  })

  test.each(reasons)('to a badge, %s: nothing of a code or its digits', reason => {
    for (const online of [true, false])
      for (const more of [{}, times]) {
        const [title, what] = sayAnswer({ result: 'refused', reason, ...more }, { ...place, online, badge: true })
        expect(title.length).toBeLessThanOrEqual(20)
        expect(what.length).toBeLessThanOrEqual(100)
        expect(what).toMatch(advice[language])
        expect(`${title} ${what}`).not.toMatch(/code|chiffres|digits|undefined|null/i)
      }
    if (['unknown', 'expired'].includes(reason))
      expect(sayAnswer({ result: 'refused', reason }, { ...place, badge: true })[0]).toMatch(/badge/i)
  })

  test('without network a wrong code is not the same', () => {
    const [, what] = sayAnswer({ result: 'refused', reason: 'unknown' }, { ...place, online: false })
    expect(what).toMatch(advice[language])
    expect(what).not.toBe(refused('unknown')[1])
  })
})
