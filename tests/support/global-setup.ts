import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freshDashboard } from '../../dashboard/fresh.ts'
import { connect } from '../../server/postgres/connect.ts'
import { startPostgres } from '../../server/postgres/launch.ts'
import { migrate, migrationsFolder } from '../../server/postgres/migrate.ts'
import { databaseUrl, templateName } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    clusterUrl: string
  }
}

/** The pages as their sources are, and one PostgreSQL for the whole run with a migrated database that every file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const withoutPages = await freshDashboard()
  if (withoutPages) throw new Error(withoutPages)
  const dataDir = mkdtempSync('/tmp/doors-tests-')
  chmodSync(dataDir, 0o755) // when we are root, PostgreSQL runs as somebody else, who must be able to enter
  const remove = () => rmSync(dataDir, { recursive: true, force: true })
  // A fresh database was a second of waiting for the disk. Nobody pulls this one's plug; who kills one has a cluster of its own.
  const settings = { shared_buffers: '32MB', max_connections: '200', fsync: 'off' }
  const cluster = await startPostgres({ dataDir, log: { info() {}, warn: console.warn }, settings }).catch(error => {
    remove()
    throw error
  })
  const close = async () => {
    await cluster.close()
    remove()
  }
  try {
    await proveOurs(cluster.url, dataDir)
    await makeTemplate(cluster.url)
  } catch (error) {
    await close()
    throw error
  }
  project.provide('clusterUrl', cluster.url)
  return close
}

async function proveOurs(url: string, dataDir: string): Promise<void> {
  const sql = connect(url, { max: 1 })
  const [row] = await sql`show data_directory`
  await sql.end()
  const expected = join(realpathSync(dataDir), 'postgres/cluster')
  if (row?.dataDirectory !== expected) throw new Error(`tests reached ${row?.dataDirectory}, not their own ${expected}`)
}

async function makeTemplate(url: string): Promise<void> {
  const sql = connect(url, { max: 1 })
  await sql`create database ${sql(templateName)}`
  if (existsSync(join(migrationsFolder, 'meta/_journal.json'))) await migrate(databaseUrl(url, templateName))
  await sql`alter database ${sql(templateName)} with is_template true allow_connections false`
  await sql.end()
}
