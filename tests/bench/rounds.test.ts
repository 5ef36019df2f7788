import { expect, test } from 'vitest'
import type { Benchmark } from './benchmark.ts'
import { playRounds, resultOf } from './rounds.ts'

const benchmark: Benchmark = {
  ...{ name: 'any', about: '', notes: [], prepare: async () => [] },
  ratios: [
    {
      ...{ name: 'both', of: ['ours', 'ms'] },
      floor: [
        ['one', 'ms'],
        ['other', 'ms'],
      ],
      target: { atMost: 2 },
    },
    { name: 'more', of: ['ours', 'ms'], floor: [['one', 'ms']], target: { atLeast: 3 } },
  ],
}

test('all take turns, the first round only warms up, ratios are of the same round', async () => {
  const turns: string[] = []
  const figures: Record<string, number[]> = { ours: [999, 4, 20, 9], one: [1, 1, 5, 3], other: [1, 1, 5, 3] }
  const contestants = Object.entries(figures).map(([name, values]) => ({
    name,
    run: async () => {
      turns.push(name)
      return { ms: values.shift()! }
    },
  }))
  const played = await playRounds(contestants, {
    ...{ rounds: 3, tell() {} },
    settle: async () => void turns.push('settle'),
    calm: async run => ({ figures: await run(), others: turns.length === 7 ? 0.5 : 0, disturbed: turns.length === 7 }),
  })
  const { figures: lines, ratios, others, disturbed } = resultOf(benchmark, played)
  expect(turns.join(' ')).toBe('ours one other settle ours one other ours one other ours one other')
  expect({ others: others.max, disturbed }).toEqual({ others: 0.5, disturbed: ['other, round 1'] })
  expect(lines[0]).toMatchObject({ contestant: 'ours', figure: 'ms', median: 9, min: 4, max: 20 })
  expect(ratios[0]).toMatchObject({ rounds: [2, 2, 1.5], median: 2, target: '≤ 2', met: true })
  expect(ratios[1]).toMatchObject({ rounds: [4, 4, 3], median: 4, target: '≥ 3', met: true })
})
