import type { WallDoor } from '../../../schema/api/live.ts'

/** Inner height of a box in cm, by its size. */
export const heightCm = { S: 8, M: 19, L: 41, XL: 60 } as const
export const widthCm = { XL: 40, others: 38 }
const betweenCm = 1.6
const tallestCm = 170

export type Standing = Pick<WallDoor, 'id' | 'door' | 'size' | 'column' | 'row'>
/** `middle`: cm from the foot of the column to the middle of the door. */
export type Placed<D> = { door: D; middle: number }
/** From the top; `wide`: as wide as a box of size XL. */
export type Column<D> = { doors: Placed<D>[]; wide: boolean }

const heightOf = ({ size }: Standing): number => heightCm[size ?? 'M'] + betweenCm
const heightOfAll = (doors: Standing[]): number => doors.reduce((sum, door) => sum + heightOf(door), 0)

/**
 * The columns of a bank from the left. Doors stand where they are said to; the others follow by number, in as few
 * columns as the tallest allows, about equally full.
 */
export function columnsOf<D extends Standing>(doors: D[]): Column<D>[] {
  const said = new Map<number, D[]>()
  const others: D[] = []
  for (const door of doors) {
    if (door.column === null || door.row === null) others.push(door)
    else said.set(door.column, [...(said.get(door.column) ?? []), door])
  }
  const byRow = (a: D, b: D) => a.row! - b.row! || a.door - b.door
  const placed = [...said].sort(([a], [b]) => a - b).map(([, inside]) => inside.sort(byRow))
  return [...placed, ...filled(others.sort((a, b) => a.door - b.door))].map(stack)
}

function filled<D extends Standing>(doors: D[]): D[][] {
  const total = heightOfAll(doors)
  const fewest = Math.max(1, Math.ceil(total / tallestCm))
  const target = total / fewest
  const columns: D[][] = []
  let height = 0
  for (const door of doors) {
    // what is left over makes the last one a little taller rather than one more
    const isFull = columns.length < fewest ? height + heightOf(door) / 2 > target : height + heightOf(door) > tallestCm
    if (columns.length === 0 || isFull) {
      columns.push([])
      height = 0
    }
    columns.at(-1)!.push(door)
    height += heightOf(door)
  }
  return columns
}

function stack<D extends Standing>(doors: D[]): Column<D> {
  let below = heightOfAll(doors)
  const placed = doors.map(door => {
    below -= heightOf(door)
    return { door, middle: below + heightCm[door.size ?? 'M'] / 2 }
  })
  return { doors: placed, wide: doors.some(({ size }) => size === 'XL') }
}

/** The door that an arrow leads to, as they stand: up and down within a column, sideways to the one at the same height. */
export function doorBeside<D extends Standing>(columns: Column<D>[], id: string, key: string): D | undefined {
  if (key === 'Home') return columns[0]?.doors[0]?.door
  if (key === 'End') return columns.at(-1)?.doors.at(-1)?.door
  const at = columns.findIndex(({ doors }) => doors.some(({ door }) => door.id === id))
  const column = columns[at]
  if (!column) return undefined
  const row = column.doors.findIndex(({ door }) => door.id === id)
  if (key === 'ArrowUp') return column.doors[row - 1]?.door
  if (key === 'ArrowDown') return column.doors[row + 1]?.door
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined
  const { middle } = column.doors[row]!
  const away = (each: Placed<D>) => Math.abs(each.middle - middle)
  const beside = columns[key === 'ArrowLeft' ? at - 1 : at + 1]?.doors ?? []
  return [...beside].sort((a, b) => away(a) - away(b))[0]?.door
}
