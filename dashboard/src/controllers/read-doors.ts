type Size = 'S' | 'M' | 'L' | 'XL'
type Height = 'low' | 'normal' | 'high'
export type NewDoor = {
  door: number
  kind: 'compartment' | 'room'
  size?: Size
  height?: Height
  name?: string
  doorSensor: boolean
  occupancySensor: boolean
}
export type Sensors = { doorSensor: boolean; occupancySensor: boolean }
/** `wrong`: the parts that are not understood, as they were written */
export type ReadDoors = { doors: NewDoor[]; wrong: string[] }

const mostDoors = 500
const heights: Record<string, Height> = {
  ...{ bas: 'low', basse: 'low', basses: 'low', low: 'low', haut: 'high', haute: 'high', hautes: 'high', high: 'high' },
  ...{ normal: 'normal', normale: 'normal', normales: 'normal' },
}
const pattern = /^(?:(\d{1,3})\s*[x×*]?\s*)?(s|m|l|xl|salles?|rooms?)(?:\s+(\p{L}+))?$/iu
const isRoom = (word: string) => /^(salle|room)/i.test(word)

/**
 * Doors as somebody counts them ("8 × S, 4 × M bas, 1 × salle": numbered on from 1), or a table pasted from a spreadsheet
 * (number, size or "room", then height and name in any order, separated by tabs or semicolons).
 */
export function readDoors(text: string, sensors: Sensors): ReadDoors {
  const doors: NewDoor[] = []
  const wrong: string[] = []
  const parts = text
    .split('\n')
    .flatMap(line => (/[\t;]/.test(line) ? [line] : line.split(/[,+]|\s(?:et|and)\s/i)))
    .map(each => each.trim())
  for (const part of parts.filter(Boolean)) {
    const read = /[\t;]/.test(part) ? tableRow(part) : counted(part, doors.length)
    if (read === undefined || doors.length + read.length > mostDoors) wrong.push(part)
    else doors.push(...read.map(each => withSensors(each, sensors)))
  }
  const numbers = doors.map(({ door }) => door)
  wrong.push(...numbers.filter((door, at) => numbers.indexOf(door) !== at).map(String))
  return { doors, wrong }
}

type Bare = Omit<NewDoor, keyof Sensors>

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

function doorOf(door: number, what: string, height?: Height): Bare {
  if (isRoom(what)) return { door, kind: 'room' }
  return { door, kind: 'compartment', size: what.toUpperCase() as Size, ...(height ? { height } : {}) }
}

function tableRow(line: string): Bare[] | undefined {
  const [number = '', what = '', ...more] = line.split(/[\t;]/).map(cell => cell.trim())
  if (!/^\d{1,5}$/.test(number) || Number(number) > 65_535 || !/^(s|m|l|xl|salle|room)$/i.test(what)) return undefined
  const height = more.map(cell => heights[cell.toLowerCase()]).find(Boolean)
  const name = more.find(cell => cell !== '' && heights[cell.toLowerCase()] === undefined)
  return [{ ...doorOf(Number(number), what, height), ...(name ? { name: name.slice(0, 200) } : {}) }]
}
