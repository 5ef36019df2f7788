import { oldestMajor } from './binaries.ts'
import { connect, describeDatabaseProblem } from './connect.ts'

export type WrappedKey = { name: string; wrapped: Buffer }
type Probed = { problem: string } | { key: WrappedKey | undefined }

/** Looks whether a database of the operator's can be used, and answers one of its wrapped keys if it has any. */
export async function probeDatabase(url: string): Promise<Probed> {
  const sql = connect(url, { max: 1 })
  try {
    const [facts] = await sql`
      select current_setting('server_version_num')::int as version, current_setting('server_version') as name,
        pg_is_in_recovery() as standby, current_setting('server_encoding') as encoding,
        has_database_privilege(current_database(), 'create') as creates, to_regclass('data_keys') is not null as has_keys`
    const problem = unusable(facts as Facts)
    if (problem) return { problem: `DATABASE_URL: ${problem}` }
    const [key] = facts?.hasKeys ? await sql<WrappedKey[]>`select name, wrapped from data_keys limit 1` : []
    return { key }
  } catch (error) {
    return {
      problem: databaseProblem(error) ?? `DATABASE_URL: the database cannot be used: ${(error as Error).message}`,
    }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** With the variable and what to do; undefined when the error is none of these. */
export function databaseProblem(error: unknown): string | undefined {
  const sentence = describeDatabaseProblem(error)
  if (sentence === undefined) return undefined
  const remedy = sentence.includes('unreachable')
    ? ': check host and port, and that PostgreSQL runs there and lets this machine in'
    : ''
  return `DATABASE_URL: ${sentence}${remedy}`
}

type Facts = { version: number; name: string; standby: boolean; encoding: string; creates: boolean }

function unusable({ version, name, standby, encoding, creates }: Facts): string | undefined {
  if (version < oldestMajor * 10_000)
    return `PostgreSQL ${name} is too old: ${oldestMajor} or later is needed, so upgrade it or name another one`
  if (standby) return 'this PostgreSQL is a read-only standby: name the primary'
  if (encoding !== 'UTF8') return `the database's encoding is ${encoding}: create one with encoding UTF8`
  if (!creates)
    return 'its user may not create anything in this database: make it the owner (alter database … owner to …)'
  return undefined
}
