import { randomBytes } from 'node:crypto'
import { connect, type Sql } from '../../server/postgres/connect.ts'

export type FreshDatabase = { url: string; sql: Sql; drop(): Promise<void> }

export const templateName = 'template_doors'

/** A migrated database of one's own. Outside vitest the url of a cluster that has the template must be given. */
export async function freshDatabase(clusterUrl?: string): Promise<FreshDatabase> {
  const adminUrl = clusterUrl ?? (await import('vitest')).inject('clusterUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  await asAdmin(adminUrl, sql => sql`create database ${sql(name)} template ${sql(templateName)} strategy file_copy`)
  const url = databaseUrl(adminUrl, name)
  const sql = connect(url, { max: 4 })
  return {
    url,
    sql,
    async drop() {
      await sql.end({ timeout: 1 })
      await asAdmin(adminUrl, admin => admin`drop database if exists ${admin(name)} with (force)`)
    },
  }
}

export function databaseUrl(clusterUrl: string, name: string): string {
  const url = new URL(clusterUrl)
  url.pathname = `/${name}`
  return url.href
}

async function asAdmin(url: string, work: (sql: Sql) => Promise<unknown>): Promise<void> {
  const sql = connect(url, { max: 1 })
  try {
    await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}
