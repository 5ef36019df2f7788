/** The q-th part of them all, 0.5 = the median; interpolated. */
export function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const low = sorted[Math.floor(at)] ?? Number.NaN
  return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at % 1)
}

export const median = (values: number[]): number => quantile(values, 0.5)

export type Spread = { median: number; min: number; max: number; rounds: number[] }

export const spreadOf = (rounds: number[]): Spread => ({
  ...{ median: median(rounds), min: Math.min(...rounds), max: Math.max(...rounds) },
  rounds,
})

/** Three digits that count. */
export const short = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))

/** ms on a clock that all processes of this machine share. */
export const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6
