import type { Benchmark, Contestant, Ratio } from './benchmark.ts'
import type { Calm, Measured } from './calm.ts'
import { type Spread, spreadOf } from './numbers.ts'

export type Line = { contestant: string; figure: string } & Spread
export type RatioLine = Spread & { name: string; target: string | null; met: boolean | null }
export type Result = {
  benchmark: string
  notes: string[]
  figures: Line[]
  ratios: RatioLine[]
  /** part of all cores that others used in the median measurement and in the worst; which were disturbed by it */
  others: Spread
  disturbed: string[]
}

type Round = Map<string, Measured>

type Play = {
  rounds: number
  tell(text: string): void
  /** after the warm-up */
  settle(): Promise<void>
  calm: Calm
}

/** A B C A B C …; a round that only warms up comes first. */
export async function playRounds(contestants: Contestant[], { rounds, tell, settle, calm }: Play): Promise<Round[]> {
  const played: Round[] = []
  for (let round = 0; round <= rounds; round++) {
    const measured: Round = new Map()
    for (const { name, run } of contestants) {
      tell(`${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: ${name}`)
      measured.set(name, round > 0 ? await calm(run) : { figures: await run(), others: null, disturbed: false })
    }
    if (round > 0) played.push(measured)
    else await settle()
  }
  return played
}

export function resultOf({ name, notes, ratios }: Benchmark, rounds: Round[]): Result {
  const figures = [...rounds[0]!].flatMap(([contestant, first]) =>
    Object.keys(first.figures).map(figure => ({
      ...{ contestant, figure },
      ...spreadOf(rounds.map(round => round.get(contestant)!.figures[figure]!)),
    })),
  )
  const others = spreadOf(rounds.flatMap(round => [...round.values()].map(each => each.others ?? 0)))
  const disturbed = rounds.flatMap((round, at) =>
    [...round].filter(([, each]) => each.disturbed).map(([contestant]) => `${contestant}, round ${at + 1}`),
  )
  return { benchmark: name, notes, figures, ratios: ratios.map(ratio => ratioLine(ratio, rounds)), others, disturbed }
}

/** Divided round by round, since the two sides of one round met the same weather. */
function ratioLine({ name, of, floor, target }: Ratio, rounds: Round[]): RatioLine {
  const read = (round: Round, [contestant, figure]: [string, string]) =>
    round.get(contestant)?.figures[figure] ?? Number.NaN
  const spread = spreadOf(
    rounds.map(round => read(round, of) / floor.reduce((sum, each) => sum + read(round, each), 0)),
  )
  if (!target) return { name, ...spread, target: null, met: null }
  if ('atLeast' in target)
    return { name, ...spread, target: `≥ ${target.atLeast}`, met: spread.median >= target.atLeast }
  return { name, ...spread, target: `≤ ${target.atMost}`, met: spread.median <= target.atMost }
}
