import type { controllers, doors, grants, orders, parcels } from '../../schema/tables/index.ts'
import type { Sql, Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'

export type ControllerRow = typeof controllers.$inferSelect
export type DoorRow = typeof doors.$inferSelect
export type GrantRow = typeof grants.$inferSelect
export type OrderRow = typeof orders.$inferSelect
export type ParcelRow = typeof parcels.$inferSelect

const need = <T>(row: T | undefined): T => {
  if (row === undefined) throw new Refusal('not-found')
  return row
}

/** First in every write about a controller's doors: whoever else writes about them waits. */
export async function lockController(tx: Tx, id: string): Promise<ControllerRow> {
  const [row] = await tx<ControllerRow[]>`select * from controllers where id = ${id} for update`
  return need(row)
}

export async function enrolledControllers(sql: Sql): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`select id from controllers where retired_at is null`
  return rows.map(row => row.id)
}

export async function doorById(sql: Sql | Tx, id: string): Promise<DoorRow> {
  const [row] = await sql<DoorRow[]>`select * from doors where id = ${id}`
  return need(row)
}

export async function grantById(sql: Sql | Tx, id: string): Promise<GrantRow> {
  const [row] = await sql<GrantRow[]>`select * from grants where id = ${id}`
  return need(row)
}

export async function orderById(sql: Sql | Tx, id: string): Promise<OrderRow> {
  const [row] = await sql<OrderRow[]>`select * from orders where id = ${id}`
  return need(row)
}

export async function parcelById(sql: Sql | Tx, id: string): Promise<ParcelRow> {
  const [row] = await sql<ParcelRow[]>`select * from parcels where id = ${id}`
  return need(row)
}

type Table = 'controllers' | 'doors' | 'grants' | 'orders' | 'parcels'

export async function update(tx: Tx, table: Table, id: string, patch: object): Promise<void> {
  if (Object.keys(patch).length > 0) await tx`update ${tx(table)} set ${tx(patch as never)} where id = ${id}`
}

export async function insert(tx: Tx, table: Table | 'notes', row: object): Promise<void> {
  await tx`insert into ${tx(table)} ${tx(row as never)}`
}

/** A new version of the controller's list; the device gets it after the commit. */
export async function bumpGrants(tx: Tx, controllerId: string, now: Date): Promise<number> {
  const [row] = await tx<{ version: number }[]>`
    update controllers set grants_made = greatest(grants_made + 1, ${now.getTime()}) where id = ${controllerId}
    returning grants_made as version`
  return row!.version
}
