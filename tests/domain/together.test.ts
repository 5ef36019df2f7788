import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { gatherMs, together } from '../../server/together.ts'

beforeAll(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterAll(() => void vi.useRealTimers())
const gathered = () => vi.advanceTimersByTimeAsync(gatherMs)

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

test('what comes within 10 ms is asked in one, and so is what comes while four are under way', async () => {
  const { begun, ask } = slowLookUp()
  const together = ['a', 'a2', 'a'].map(ask)
  expect(begun).toEqual([])
  const first: Promise<string | undefined>[] = []
  for (const key of ['b', 'c', 'd']) {
    await gathered()
    first.push(ask(key))
  }
  await gathered()
  expect(begun.map(({ keys }) => keys)).toEqual([['a', 'a2'], ['b'], ['c'], ['d']])
  const more = ['e', 'f', 'e', 'nobody'].map(ask)
  await gathered()
  expect(begun).toHaveLength(4)
  // the first hangs; it holds up nobody else
  begun[1]!.end()
  expect(await first[0]).toBe('it is b')
  await gathered()
  expect(begun[4]!.keys).toEqual(['e', 'f', 'nobody'])
  begun[4]!.end()
  expect(await Promise.all(more)).toEqual(['it is e', 'it is f', 'it is e', undefined])
  begun[0]!.end()
  expect(await Promise.all(together)).toEqual(['it is a', 'it is a2', 'it is a'])
})

test('a look-up that fails fails its own questions only', async () => {
  const { begun, ask } = slowLookUp()
  const asked = [ask('a'), ask('b')]
  await gathered()
  const later = ask('c')
  await gathered()
  begun[0]!.end(new Error('away'))
  begun[1]!.end()
  expect(await Promise.allSettled(asked)).toMatchObject(asked.map(() => ({ reason: { message: 'away' } })))
  expect(await later).toBe('it is c')
})

test('whatever is asked whenever: each has its own answer, from a look-up that began after it was asked', async () => {
  const steps = fc.array(fc.oneof(fc.constantFrom('a', 'b', 'c', 'nobody'), fc.nat(5)), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(steps, async list => {
      const { begun, ask } = slowLookUp()
      const answers: [string, Promise<string | undefined>][] = []
      let waiting: string[] = []
      let ended = 0
      for (const step of list) {
        if (typeof step === 'string') {
          answers.push([step, ask(step)])
          waiting.push(step)
        } else {
          if (step > 0 && ended < begun.length) begun[ended++]!.end()
          const [before, expected] = [begun.length, begun.length - ended < 4 && waiting.length > 0 ? [waiting] : []]
          await gathered()
          expect(begun.slice(before).map(({ keys }) => keys)).toEqual(expected.map(keys => [...new Set(keys)]))
          if (expected.length > 0) waiting = []
        }
      }
      do {
        for (; ended < begun.length; ended++) begun[ended]!.end()
        await gathered()
      } while (ended < begun.length)
      for (const [key, answer] of answers) expect(await answer).toBe(key === 'nobody' ? undefined : `it is ${key}`)
    }),
  )
})
