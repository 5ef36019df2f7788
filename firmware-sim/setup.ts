import type { DoorReport, KeypadReport } from '../schema/wire/status.ts'
import type { Setup } from './machine/state.ts'

/** A door as a test or a file describes it; what is left out is usual for its kind. */
export type DoorSetup = { door: number } & Partial<Omit<DoorReport, 'door'>> & {
    springs?: boolean
    column?: number
    row?: number
  }
export type SetupParts = {
  id: string
  codeKey: string
  /** or how many usual compartments */
  doors: DoorSetup[] | number
  keypads?: KeypadReport[]
  firmware?: string
  journalSize?: number
  listSize?: number
}

const sizes = ['S', 'M', 'M', 'L'] as const

export const usualDoors = (count: number): DoorSetup[] =>
  Array.from({ length: count }, (_, index) => ({ door: index + 1, size: sizes[index % 4]! }))

export const usualRooms = (count: number, first: number): DoorSetup[] =>
  Array.from({ length: count }, (_, index) => ({ door: first + index, kind: 'room' }))

function fullDoor(part: DoorSetup): Setup['doors'][number] {
  const kind = part.kind ?? 'compartment'
  const compartment = kind === 'compartment'
  return {
    door: part.door,
    kind,
    ...(compartment ? { size: part.size ?? 'M', height: part.height ?? 'normal' } : {}),
    doorSensor: part.doorSensor ?? true,
    occupancySensor: part.occupancySensor ?? compartment,
    ...(compartment && !part.withoutPower ? {} : { withoutPower: part.withoutPower ?? 'fail-secure' }),
    springs: part.springs ?? compartment,
    ...(part.column && part.row ? { column: part.column, row: part.row } : {}),
  }
}

export function makeSetup(parts: SetupParts): Setup {
  const doors = (typeof parts.doors === 'number' ? usualDoors(parts.doors) : parts.doors).map(fullDoor)
  return {
    id: parts.id,
    codeKey: parts.codeKey,
    firmware: parts.firmware ?? 'sim-1.0.0',
    doors,
    keypads: parts.keypads ?? [{ keypad: 1, doors: doors.map(each => each.door) }],
    journalSize: parts.journalSize ?? 2000,
    listSize: parts.listSize ?? 4096,
  }
}
