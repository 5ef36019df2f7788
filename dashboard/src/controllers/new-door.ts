export type Size = 'S' | 'M' | 'L' | 'XL'
export type Height = 'low' | 'normal' | 'high'
export type NewDoor = {
  door: number
  kind: 'compartment' | 'room'
  size?: Size
  height?: Height
  name?: string
  /** where it stands: column from the left, row from the top, 1 first; both or neither */
  column?: number
  row?: number
  doorSensor: boolean
  occupancySensor: boolean
}
export type Sensors = { doorSensor: boolean; occupancySensor: boolean }
export type Bare = Omit<NewDoor, keyof Sensors>

export const heights: Record<string, Height> = {
  ...{ bas: 'low', basse: 'low', basses: 'low', low: 'low', haut: 'high', haute: 'high', hautes: 'high', high: 'high' },
  ...{ normal: 'normal', normale: 'normal', normales: 'normal' },
}
const isRoom = (word: string) => /^(salle|room)/i.test(word)

/** `what`: a size or a word for a room */
export function doorOf(door: number, what: string, height?: Height): Bare {
  if (isRoom(what)) return { door, kind: 'room' }
  return { door, kind: 'compartment', size: what.toUpperCase() as Size, ...(height ? { height } : {}) }
}

type Standing = { door: number; column?: number | null; row?: number | null }

/** Numbers of the doors that stand where another stands already. */
export function standingTwice(doors: Standing[]): number[] {
  const placeOf = ({ column, row }: Standing) => `${column}/${row}`
  const placed = doors.filter(each => each.column && each.row)
  const places = placed.map(placeOf)
  return placed.filter((each, at) => places.indexOf(placeOf(each)) !== at).map(({ door }) => door)
}
