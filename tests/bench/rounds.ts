import type { Benchmark, Contestant, Figures, Ratio } from './benchmark.ts'
import { type Spread, spreadOf } from './numbers.ts'

export type Line = { contestant: string; figure: string } & Spread
export type RatioLine = Spread & { name: string; target: string | null; met: boolean | null }
export type Result = { benchmark: string; notes: string[]; figures: Line[]; ratios: RatioLine[] }

type Round = Map<string, Figures>

/** A B C A B C …; a round that only warms up comes first. */
export async function playRounds(
  contestants: Contestant[],
  { rounds, tell }: { rounds: number; tell(text: string): void },
): Promise<Round[]> {
  const played: Round[] = []
  for (let round = 0; round <= rounds; round++) {
    const figures: Round = new Map()
    for (const { name, run } of contestants) {
      tell(`${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: ${name}`)
      figures.set(name, await run())
    }
    if (round > 0) played.push(figures)
  }
  return played
}

export function resultOf({ name, notes, ratios }: Benchmark, rounds: Round[]): Result {
  const figures = [...rounds[0]!].flatMap(([contestant, first]) =>
    Object.keys(first).map(figure => ({
      ...{ contestant, figure },
      ...spreadOf(rounds.map(round => round.get(contestant)![figure]!)),
    })),
  )
  return { benchmark: name, notes, figures, ratios: ratios.map(ratio => ratioLine(ratio, rounds)) }
}

/** Divided round by round, since the two sides of one round met the same weather. */
function ratioLine({ name, of, floor, target }: Ratio, rounds: Round[]): RatioLine {
  const read = (round: Round, [contestant, figure]: [string, string]) => round.get(contestant)?.[figure] ?? Number.NaN
  const spread = spreadOf(
    rounds.map(round => read(round, of) / floor.reduce((sum, each) => sum + read(round, each), 0)),
  )
  if (!target) return { name, ...spread, target: null, met: null }
  if ('atLeast' in target)
    return { name, ...spread, target: `≥ ${target.atLeast}`, met: spread.median >= target.atLeast }
  return { name, ...spread, target: `≤ ${target.atMost}`, met: spread.median <= target.atMost }
}
