import type { House } from './house.ts'

/** What one run of a contestant measured, by name with its unit: `{ 'events/s': 10800 }`. */
export type Figures = Record<string, number>

/** One thing that is measured; they take turns, so that all of them meet the same weather. */
export type Contestant = { name: string; run(): Promise<Figures> }

type Of = [contestant: string, figure: string]
/** `of` divided by the sum of `floor`, both of the same round. */
export type Ratio = { name: string; of: Of; floor: Of[]; target?: { atLeast: number } | { atMost: number } }

export type Wishes = {
  /** length of one measurement */
  seconds: number
  /** 1 = as the target says; less is only a look whether it works */
  scale: number
}

export type Benchmark = {
  name: string
  /** one line for --help */
  about: string
  /** what is compared with what, for whoever reads the table */
  notes: string[]
  /** how it is measured when nobody says otherwise */
  usual?: { rounds: number; seconds: number }
  prepare(house: House, wishes: Wishes): Promise<Contestant[]>
  ratios: Ratio[]
}

export const scaled = (count: number, { scale }: Wishes, least = 1): number =>
  Math.max(least, Math.round(count * scale))
