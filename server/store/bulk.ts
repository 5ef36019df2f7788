import postgres from 'postgres'
import type { Tx } from '../postgres/connect.ts'

type Table = 'controllers' | 'doors' | 'grants' | 'orders' | 'parcels' | 'journals' | 'notes' | 'history' | 'sites'
type Row = Record<string, unknown>

/** One that changes any number of rows; `text` is told the number of its first parameter. */
export type Statement = { text(first: number): string; values: unknown[] }

/** Rows that have the same members. */
export function inserting(table: Table, rows: readonly object[]): Statement[] {
  if (rows.length === 0) return []
  const columns = Object.keys(rows[0]!).map(quoted).join(', ')
  const text = (first: number) => `insert into ${table} (${columns}) select ${columns} from ${asRows(table, first)}`
  return [{ text, values: [inJson(rows)] }]
}

/** A statement for each set of changed columns, whatever the number of rows. */
export function updating<T extends object>(
  table: Table,
  changed: ReadonlyMap<T, ReadonlySet<keyof T>>,
  key: readonly (keyof T & string)[],
): Statement[] {
  const alike = new Map<string, Row[]>()
  for (const [row, members] of changed) {
    const names = [...members].map(String).sort()
    const rows = alike.get(names.join()) ?? []
    alike.set(names.join(), rows)
    rows.push(Object.fromEntries([...key, ...names].map(name => [name, (row as Row)[name]])))
  }
  return [...alike].map(([names, rows]) => {
    const set = names.split(',').map(quoted)
    const text = (first: number) => `update ${table} t set ${set.map(name => `${name} = r.${name}`).join(', ')}
      from ${asRows(table, first)} r where ${key.map(name => `t.${quoted(name)} = r.${quoted(name)}`).join(' and ')}
      and t.${quoted(key[0]!)} = any($${first + 1})` // for the planner: the join alone may read the whole table
    return { text, values: [inJson(rows), rows.map(row => String(row[key[0]!]))] }
  })
}

/** Every combination that is sent as one is prepared and kept by each connection: of few there are few. */
const together = 4

/**
 * A few go as one: each statement costs driver and database a tenth of a millisecond for itself, which somebody at a
 * keypad waits for. None of them sees what another one writes; references are judged at the end.
 */
export async function runAll(tx: Tx, statements: Statement[]): Promise<void> {
  if (statements.length > together) await Promise.all(statements.map(each => send(tx, each)))
  else if (statements.length > 0) await send(tx, asOne(statements))
}

const send = (tx: Tx, { text, values }: Statement) => tx.unsafe(text(1), values as never[], { prepare: true })

function asOne(statements: Statement[]): Statement {
  if (statements.length === 1) return statements[0]!
  const values = statements.flatMap(each => each.values)
  const text = (first: number) => {
    let next = first
    const parts = statements.map((each, n) => {
      const part = `s${n} as (${each.text(next)})`
      next += each.values.length
      return part
    })
    return `with ${parts.join(', ')} select 1`
  }
  return { text, values }
}

const asRows = (table: Table, parameter: number) =>
  `jsonb_populate_recordset(null::${table}, $${parameter}::text::jsonb)`
const quoted = (name: string) => `"${columnOf(name)}"`

/** One JSON text costs a tenth of as many bound parameters; bytes go in PostgreSQL's own hex form. */
const inJson = (rows: readonly object[]): string =>
  JSON.stringify(
    rows.map(row => {
      const stored: Row = {}
      for (const [name, value] of Object.entries(row))
        stored[columnOf(name)] = value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value
      return stored
    }),
  )

const columns = new Map<string, string>()
function columnOf(name: string): string {
  let column = columns.get(name)
  if (column === undefined) {
    column = postgres.fromCamel(name)
    columns.set(name, column)
  }
  return column
}
