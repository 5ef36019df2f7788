import postgres from 'postgres'
import type { Tx } from '../postgres/connect.ts'

type Table = 'controllers' | 'doors' | 'grants' | 'orders' | 'parcels' | 'journals' | 'notes' | 'history' | 'sites'
type Row = Record<string, unknown>

/** One statement for any number of rows that have the same members. */
export async function insertAll(tx: Tx, table: Table, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return
  const columns = Object.keys(rows[0]!).map(quoted).join(', ')
  const text = `insert into ${table} (${columns}) select ${columns} from ${asRows(table)}`
  await tx.unsafe(text, [inJson(rows)], { prepare: true })
}

/** One statement for each set of changed columns, whatever the number of rows. */
export async function updateAll<T extends object>(
  tx: Tx,
  table: Table,
  changed: ReadonlyMap<T, ReadonlySet<keyof T>>,
  key: readonly (keyof T & string)[],
): Promise<void> {
  const alike = new Map<string, Row[]>()
  for (const [row, members] of changed) {
    const names = [...members].map(String).sort()
    const rows = alike.get(names.join()) ?? []
    alike.set(names.join(), rows)
    rows.push(Object.fromEntries([...key, ...names].map(name => [name, (row as Row)[name]])))
  }
  await Promise.all(
    [...alike].map(([names, rows]) => {
      const set = names.split(',').map(quoted)
      const text = `update ${table} t set ${set.map(name => `${name} = r.${name}`).join(', ')}
        from ${asRows(table)} r where ${key.map(name => `t.${quoted(name)} = r.${quoted(name)}`).join(' and ')}
        and t.${quoted(key[0]!)} = any($2)` // for the planner: the join alone may read the whole table
      return tx.unsafe(text, [inJson(rows), rows.map(row => String(row[key[0]!]))], { prepare: true })
    }),
  )
}

const asRows = (table: Table) => `jsonb_populate_recordset(null::${table}, $1::text::jsonb)`
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
