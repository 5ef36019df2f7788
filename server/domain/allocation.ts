import type { Candidate } from '../store/boxes.ts'

export type Size = 'S' | 'M' | 'L' | 'XL'
const sizes: Size[] = ['S', 'M', 'L', 'XL']

const nearlyFull = 0.1

/**
 * The smallest fitting free box; those nobody has looked into come after the free ones of every size. Low doors are kept
 * for who asked for one, and released when the bank is nearly full.
 */
export function pickDoor(doors: Candidate[], wish: { size: Size; low: boolean }): Candidate | undefined {
  const usable = doors.filter(door => !door.blocked && (door.offer === 'free' || door.offer === 'unchecked'))
  const fitting = usable.filter(door => door.size !== null && sizes.indexOf(door.size) >= sizes.indexOf(wish.size))
  const full = usable.length <= Math.ceil(doors.length * nearlyFull)
  const rank = (door: Candidate): number[] => {
    const isLow = door.height === 'low'
    const wrongHeight = wish.low ? !isLow : isLow && !full
    return [
      wish.low && wrongHeight ? 1 : 0,
      !wish.low && wrongHeight ? 1 : 0,
      door.offer === 'free' ? 0 : 1,
      sizes.indexOf(door.size!),
      door.door,
    ]
  }
  return [...fitting].sort((a, b) => compare(rank(a), rank(b)))[0]
}

function compare(a: number[], b: number[]): number {
  for (const [at, value] of a.entries()) if (value !== b[at]) return value - b[at]!
  return 0
}

export function freeCounts(doors: Candidate[]): Record<Size, number> {
  const counts: Record<Size, number> = { S: 0, M: 0, L: 0, XL: 0 }
  for (const door of doors)
    if (door.size && !door.blocked && (door.offer === 'free' || door.offer === 'unchecked')) counts[door.size] += 1
  return counts
}
