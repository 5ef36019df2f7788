import { type Bare, doorOf, heights } from './new-door.ts'

/** `head`: the line that names the cells; `read` undefined: not understood */
export type TableLine = 'head' | { part: string; read: Bare[] | undefined }

const titles: Record<string, keyof Cells> = {
  ...{ porte: 'door', door: 'door', numéro: 'door', numero: 'door', number: 'door', 'n°': 'door' },
  ...{ taille: 'size', size: 'size', hauteur: 'height', height: 'height', nom: 'name', name: 'name' },
  ...{ colonne: 'column', column: 'column', rangée: 'row', rangee: 'row', ligne: 'row', row: 'row' },
}
type Cells = Partial<Record<'door' | 'size' | 'height' | 'name' | 'column' | 'row', string>>
const mostPlace = 500

/**
 * Rows of a spreadsheet, cells between tabs or semicolons: number, then size or "room", then height, name, and column with
 * row, in any order. A first line may name its cells; else two numbers are column and row, so that one alone is a mistake
 * and never taken for a name.
 */
export function readTable(lines: string[]): TableLine[] {
  const [first = '', ...others] = lines
  const named = cellsOf(first).map(cell => titles[cell.toLowerCase()])
  const isTitle = (cell: string) => cell === '' || titles[cell.toLowerCase()] !== undefined
  const isHead = named.includes('door') && named.includes('size') && cellsOf(first).every(isTitle)
  const byHead = (line: string): Cells =>
    Object.fromEntries(cellsOf(line).flatMap((cell, at) => (named[at] && cell !== '' ? [[named[at], cell]] : [])))
  const rows = isHead ? others : lines
  const read = rows.map(part => ({ part, read: doorIn(isHead ? byHead(part) : guessed(part)) }))
  return isHead ? ['head', ...read] : read
}

const cellsOf = (line: string): string[] => line.split(/[\t;]/).map(cell => cell.trim())

function guessed(line: string): Cells | undefined {
  const [door = '', size = '', ...more] = cellsOf(line)
  const rest = more.filter(Boolean)
  const [column, row, ...tooMany] = rest.filter(cell => /^\d+$/.test(cell))
  if (tooMany.length > 0 || (column !== undefined && row === undefined)) return undefined
  const height = rest.find(cell => heights[cell.toLowerCase()])
  const name = rest.find(cell => cell !== height && !/^\d+$/.test(cell))
  return { door, size, ...(height ? { height } : {}), ...(name ? { name } : {}), ...(row ? { column, row } : {}) }
}

function doorIn(cells: Cells | undefined): Bare[] | undefined {
  if (!cells) return undefined
  const { door = '', size = '', height, name, column, row } = cells
  if (!/^\d{1,5}$/.test(door) || Number(door) > 65_535 || !/^(s|m|l|xl|salle|room)$/i.test(size)) return undefined
  const tall = height === undefined ? undefined : heights[height.toLowerCase()]
  if (height !== undefined && tall === undefined) return undefined
  const made = doorOf(Number(door), size, tall)
  const isPlace = (cell = '') => /^\d{1,3}$/.test(cell) && Number(cell) >= 1 && Number(cell) <= mostPlace
  const isPlaced = column !== undefined || row !== undefined
  if (isPlaced && (made.kind === 'room' || !isPlace(column) || !isPlace(row))) return undefined
  const place = isPlaced ? { column: Number(column), row: Number(row) } : {}
  return [{ ...made, ...(name ? { name: name.slice(0, 200) } : {}), ...place }]
}
