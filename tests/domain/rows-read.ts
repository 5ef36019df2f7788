import type { Sql, Tx } from '../../server/postgres/connect.ts'

/** How many rows of a table the statements of `work` read, by index or not. */
export async function rowsRead(sql: Sql, table: string, work: (tx: Tx) => Promise<unknown>): Promise<number> {
  const soFar = async () => {
    const [row] = await sql<{ read: number }[]>`
      select (seq_tup_read + idx_tup_fetch)::int as read from pg_stat_user_tables where relname = ${table}`
    return row!.read
  }
  const before = await soFar()
  await sql.begin(async tx => {
    await work(tx)
    await tx`select pg_stat_force_next_flush()`
  })
  return (await soFar()) - before
}
