import { expect, test } from 'vitest'
import { type Language, languages, loadSpeech } from '../../dashboard/src/i18n/words.ts'
import { eventShapes } from '../../schema/wire/events.ts'

const reasonsOf = (type: 'order-refused' | 'code-refused'): string[] =>
  (eventShapes[type].properties.reason as unknown as { anyOf: { const: string }[] }).anyOf.map(each => each.const)

test.each(Object.keys(languages) as Language[])(
  'every refusal of a device has words of its own in %s',
  async language => {
    const told = [...reasonsOf('order-refused'), ...reasonsOf('code-refused'), 'not-reachable', 'jammed']
    const reasons = [...new Set(told)]
    expect(reasons.length).toBeGreaterThan(12)
    const { of } = await loadSpeech(language)
    const said = reasons.map(reason => of('refused', reason))
    expect(said.filter(words => reasons.includes(words))).toEqual([])
    expect(new Set(said).size).toBe(reasons.length)
  },
)
