import type { FileRow, ResidentField } from '../../schema/api/residents.ts'
import { Refusal } from '../refusal.ts'
import type { Channel } from '../store/notices.ts'
import { readCsv, type Separator, separators } from './csv.ts'
import { readCells } from './resident-cells.ts'
import { folded, headings } from './resident-words.ts'

export const mostRows = 10_000

type Column = { heading: string; field: ResidentField | null }
export type ReadRow = Pick<
  FileRow,
  'row' | 'flat' | 'name' | 'email' | 'phone' | 'language' | 'needsLowDoor' | 'problems'
> & { tellBy: Channel[] }
export type ResidentFile = { separator: Separator; columns: Column[]; rows: ReadRow[] }

/** A file of residents, row by row: what cannot be understood is named, and nothing is guessed. */
export function readResidentFile(given: string): ResidentFile {
  const text = given.replace(/^\uFEFF/, '')
  const told = /^sep=(.)\r?\n/i.exec(text) // how Excel writes down which one it used
  const body = told ? text.slice(told[0].length) : text
  const separator = separators.find(each => each === told?.[1]) ?? separatorOf(body)
  const { rows, openQuoteAt } = readCsv(body, separator)
  if (openQuoteAt !== null) throw new Refusal('quote-open', { field: 'text', details: { row: openQuoteAt } })
  const start = rows.findIndex(row => row.some(cell => cell.trim() !== ''))
  const columns = columnsOf(rows[start] ?? [])
  mustHave(columns)
  const people = rows
    .map((cells, at) => ({ cells, row: at + 1 + (told ? 1 : 0) }))
    .slice(start + 1)
    .filter(({ cells }) => cells.some(cell => cell.trim() !== ''))
  if (people.length > mostRows) throw new Refusal('too-many-rows', { field: 'text', details: { most: mostRows } })
  return { separator, columns, rows: people.map(({ cells, row }) => ({ row, ...readCells(cells, columns) })) }
}

/** The one by which most headings are understood; a comma in a name is no separator then. */
function separatorOf(text: string): Separator {
  const first = text.split(/[\r\n]+/, 3).join('\n')
  const understood = (separator: Separator) => {
    const { rows } = readCsv(first, separator)
    return columnsOf(rows[0] ?? []).filter(({ field }) => field !== null).length
  }
  return separators.toSorted((a, b) => understood(b) - understood(a))[0]!
}

const columnsOf = (cells: string[]): Column[] =>
  cells.map(heading => ({ heading: heading.trim(), field: headings.get(folded(heading)) ?? null }))

function mustHave(columns: Column[]): void {
  const has = (...fields: ResidentField[]) => columns.some(({ field }) => field !== null && fields.includes(field))
  const missing = [...(has('flat') ? [] : ['flat']), ...(has('name', 'familyName') ? [] : ['name'])]
  if (missing.length === 0) return
  const found = columns.map(({ heading }) => heading.slice(0, 100)).slice(0, 50)
  throw new Refusal('no-columns', { field: 'text', details: { missing, found } })
}
