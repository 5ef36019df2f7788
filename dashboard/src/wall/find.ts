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
const needs = (door: WallDoor): boolean => needing.has(lookOf(door))

/** The next after this one that somebody should go to, around the whole wall. */
export function nextNeeding(doors: WallDoor[], after: string | undefined): WallDoor | undefined {
  const at = doors.findIndex(({ id }) => id === after)
  return [...doors.slice(at + 1), ...doors.slice(0, at + 1)].find(needs)
}

export type Short = { needs: number; free: number; taken: number; away: number }

/** Boxes, each of them in one number; rooms only among those that need somebody; `away`: controllers. */
export function inShort(doors: WallDoor[], controllers: { online: boolean }[]): Short {
  const well = doors.filter(door => door.kind === 'compartment' && door.offer !== 'retired' && !needs(door))
  const free = well.filter(({ offer }) => offer === 'free' || offer === 'unchecked').length
  const away = controllers.filter(({ online }) => !online).length
  return { needs: doors.filter(needs).length, free, taken: well.length - free, away }
}
