import { type Bare, doorOf, heights, type NewDoor, type Sensors, standingTwice } from './new-door.ts'
import { readTable } from './read-table.ts'

/** `wrong`: the parts that are not understood, as they were written; `twice`: numbers of doors that stand where another does */
export type ReadDoors = { doors: NewDoor[]; wrong: string[]; twice: number[] }

const mostDoors = 500
const pattern = /^(?:(\d{1,3})\s*[x×*]?\s*)?(s|m|l|xl|salles?|rooms?)(?:\s+(\p{L}+))?$/iu
const heading = /^col(?:onne|umn)?\s*(\d{1,3})\s*:\s*(.*)$/i
const isTable = (line: string) => /[\t;]/.test(line)

/**
 * Doors as somebody counts them ("8 × S, 4 × M bas, 1 × salle": numbered on from 1), column by column where they say so
 * ("colonne 1 : 8 × S, 2 × M", from the top), or a table pasted from a spreadsheet, as read-table.ts tells it.
 */
export function readDoors(text: string, sensors: Sensors): ReadDoors {
  const doors: NewDoor[] = []
  const wrong: string[] = []
  const filled = new Map<number, number>()
  const lines = text.split('\n').map(each => each.trim())
  const table = readTable(lines.filter(isTable))

  function take(read: Bare[] | undefined, part: string): void {
    if (read === undefined || doors.length + read.length > mostDoors) wrong.push(part)
    else doors.push(...read.map(each => withSensors(each, sensors)))
  }
  function takeCounted(line: string): void {
    let column: number | undefined
    for (const part of line.split(/[,+]|\s(?:et|and)\s/i).map(each => each.trim())) {
      const [, number, rest = part] = heading.exec(part) ?? []
      if (number !== undefined) column = Number(number) || undefined
      if (number !== undefined && column === undefined) wrong.push(part)
      else if (rest !== '') take(placed(counted(rest, doors.length), column), part)
    }
  }
  function placed(read: Bare[] | undefined, column: number | undefined): Bare[] | undefined {
    if (column === undefined || read === undefined) return read
    return read.map(each => {
      if (each.kind === 'room') return each
      const row = (filled.get(column) ?? 0) + 1
      filled.set(column, row)
      return { ...each, column, row }
    })
  }

  for (const line of lines.filter(Boolean)) {
    const row = isTable(line) ? table.shift() : undefined
    if (!row) takeCounted(line)
    else if (row !== 'head') take(row.read, row.part)
  }
  const numbers = doors.map(({ door }) => door)
  wrong.push(...numbers.filter((door, at) => numbers.indexOf(door) !== at).map(String))
  return { doors, wrong, twice: standingTwice(doors) }
}

const withSensors = (door: Bare, { doorSensor, occupancySensor }: Sensors): NewDoor => ({
  ...door,
  doorSensor,
  occupancySensor: occupancySensor && door.kind === 'compartment',
})

function counted(part: string, before: number): Bare[] | undefined {
  const [, count = '1', what = '', tall] = pattern.exec(part) ?? []
  const height = tall === undefined ? undefined : heights[tall.toLowerCase()]
  if (what === '' || (tall !== undefined && height === undefined) || Number(count) === 0) return undefined
  return Array.from({ length: Number(count) }, (_, at) => doorOf(before + at + 1, what, height))
}
