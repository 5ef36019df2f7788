import { expect, test } from 'vitest'
import { makeCalm } from './calm.ts'

/** What others use, look by look; the last goes on for ever. */
function others(...parts: (number | null)[]) {
  return () => () => (parts.length > 1 ? parts.shift()! : parts[0]!)
}

const counting = () => {
  let n = 0
  return async () => ({ runs: ++n })
}

test.each<[string, (number | null)[], object]>([
  ['nobody works', [0], { figures: { runs: 1 }, others: 0, disturbed: false }],
  ['a machine that does not tell', [null], { figures: { runs: 1 }, others: null, disturbed: false }],
  ['somebody works, then stops', [0.9, 0.9, 0, 0.02], { figures: { runs: 1 }, others: 0.02, disturbed: false }],
  ['somebody works meanwhile', [0, 0.6, 0, 0.05], { figures: { runs: 2 }, others: 0.05, disturbed: false }],
])('%s', async (_, parts, measured) => {
  expect(await makeCalm(10_000, others(...parts))(counting())).toEqual(measured)
})

test('patience ends: what is measured then is said to be disturbed', async () => {
  const calm = makeCalm(20, others(0.9))
  expect(await calm(counting())).toEqual({ figures: { runs: 1 }, others: 0.9, disturbed: true })
  expect(await calm(counting())).toEqual({ figures: { runs: 1 }, others: 0.9, disturbed: true })
})
