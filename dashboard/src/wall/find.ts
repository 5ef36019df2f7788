import type { WallDoor } from '../../../schema/api/live.ts'
import { type Look, lookOf } from '../state.ts'

export type Wanted = { text: string; looks: Look[] }
export const nothingWanted: Wanted = { text: '', looks: [] }

const leastOfReceipt = 3
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\p{Diacritic}\s-]/gu, '')
    .toUpperCase()

/** The doors to mark: of a box number, a receipt's beginning, a room's name, or one of these looks; null: nothing is looked for. */
export function marksOf({ text, looks }: Wanted): ((door: WallDoor) => boolean) | null {
  const wanted = plain(text)
  if (wanted === '' && looks.length === 0) return null
  return door => looks.includes(lookOf(door)) || (wanted !== '' && isCalled(door, wanted))
}

function isCalled(door: WallDoor, wanted: string): boolean {
  if (String(door.door) === wanted && door.kind === 'compartment') return true
  if (door.name && plain(door.name).includes(wanted)) return true
  return wanted.length >= leastOfReceipt && plain(door.parcel?.receipt ?? '').startsWith(wanted)
}

const needing = new Set<Look>(['trouble', 'contested', 'overdue'])

/** The next after this one that somebody should go to, around the whole wall. */
export function nextNeeding(doors: WallDoor[], after: string | undefined): WallDoor | undefined {
  const at = doors.findIndex(({ id }) => id === after)
  return [...doors.slice(at + 1), ...doors.slice(0, at + 1)].find(door => needing.has(lookOf(door)))
}
