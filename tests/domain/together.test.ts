import fc from 'fast-check'
import { expect, test } from 'vitest'
import { together } from '../../server/together.ts'

/** Look-ups that the test lets go on, one by one. */
function slowLookUp() {
  const begun: { keys: string[]; end(error?: Error): void }[] = []
  const ask = together<string>(
    keys =>
      new Promise((answer, fail) => {
        const known = new Map(keys.filter(key => key !== 'nobody').map(key => [key, `it is ${key}`]))
        begun.push({ keys, end: error => (error ? fail(error) : answer(known)) })
      }),
  )
  return { begun, ask }
}

test('a single question is asked at once; what comes while four are under way is asked in one', async () => {
  const { begun, ask } = slowLookUp()
  const first = ['a', 'b', 'c', 'd'].map(ask)
  expect(begun.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c'], ['d']])
  const more = ['e', 'f', 'e', 'nobody'].map(ask)
  expect(begun).toHaveLength(4)
  // the first hangs; it holds up nobody else
  begun[1]!.end()
  expect(await first[1]).toBe('it is b')
  expect(begun[4]!.keys).toEqual(['e', 'f', 'nobody'])
  begun[4]!.end()
  expect(await Promise.all(more)).toEqual(['it is e', 'it is f', 'it is e', undefined])
})

test('a look-up that fails fails its own questions only', async () => {
  const { begun, ask } = slowLookUp()
  const asked = ['a', 'b', 'c', 'd', 'e'].map(ask)
  begun[0]!.end(new Error('away'))
  await expect(asked[0]).rejects.toThrow('away')
  for (const { end } of begun.slice(1)) end()
  expect(await Promise.all(asked.slice(1))).toEqual(['b', 'c', 'd', 'e'].map(key => `it is ${key}`))
})

test('whatever is asked whenever: each has its own answer, from a look-up that began after it was asked', async () => {
  const steps = fc.array(fc.oneof(fc.constantFrom('a', 'b', 'c', 'nobody'), fc.nat(5)), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(steps, async list => {
      const { begun, ask } = slowLookUp()
      const answers: [string, Promise<string | undefined>][] = []
      let ended = 0
      for (const step of list) {
        if (typeof step === 'string') {
          const before = begun.length
          answers.push([step, ask(step)])
          expect(begun.length - before).toBe(before - ended < 4 ? 1 : 0)
        } else if (ended < begun.length) {
          begun[ended++]!.end()
          await new Promise(setImmediate)
        }
      }
      while (ended < begun.length) {
        begun[ended++]!.end()
        await new Promise(setImmediate)
      }
      for (const [key, answer] of answers) expect(await answer).toBe(key === 'nobody' ? undefined : `it is ${key}`)
    }),
  )
})
