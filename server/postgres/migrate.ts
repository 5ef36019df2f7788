import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator'
import { connect } from './connect.ts'

export const migrationsFolder = fileURLToPath(new URL('../../schema/migrations', import.meta.url))

const migrationLock = 7_364_210_095

/** Brings the database up to date. Servers starting together wait for each other: Drizzle itself takes no lock. */
export async function migrate(url: string, { folder = migrationsFolder }: { folder?: string } = {}): Promise<void> {
  // A client of its own: drizzle() replaces its client's parsers, and the lock belongs to one connection.
  const client = connect(url, { max: 1, columns: 'as stored' })
  try {
    await client`select pg_advisory_lock(${migrationLock})`
    await runMigrations(drizzle(client), { migrationsFolder: folder })
    await client`select pg_advisory_unlock(${migrationLock})`
  } finally {
    await client.end({ timeout: 5 })
  }
}
