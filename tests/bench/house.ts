import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../../server/context.ts'
import { openKeys } from '../../server/keys.ts'
import { connect, type Sql } from '../../server/postgres/connect.ts'
import { startPostgres } from '../../server/postgres/launch.ts'
import { migrate } from '../../server/postgres/migrate.ts'
import { databaseUrl } from '../support/postgres.ts'
import { processMasterKey, type ServerProcess, startProcess } from '../support/process.ts'
import { type Child, startChild } from './child.ts'

export type Database = { url: string; ctx: Context }

/** Everything one benchmark starts; `stop` ends it all, also what is only just starting. */
export type House = {
  folder: string
  postgresPid: number
  /** a migrated one, with what the domain's functions need to fill it */
  database(name: string): Promise<Database>
  /** the real server in a process of its own */
  server(database: Database): Promise<ServerProcess>
  child(file: string, nodeFlags?: string[]): Child
  /** As autovacuum does within a minute: plans made while tables were empty are made anew. */
  settle(): Promise<void>
  onStop(stop: () => unknown): void
}

/** Only a request (SIGUSR1) opens the inspector, on any free port: it costs nothing before. */
export const inspectable = ['--inspect-port=127.0.0.1:0']

export async function openHouse(
  stops: (() => unknown)[],
  { profileFolder }: { profileFolder: string | null },
): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'doors-bench-'))
  chmodSync(folder, 0o755) // when we are root, PostgreSQL runs as somebody else, who must be able to enter
  stops.push(() => rmSync(folder, { recursive: true, force: true }))
  /** Pushed before it is awaited: a Ctrl-C while it starts stops it too. */
  const keep = <T>(starting: Promise<T>, stop: (started: T) => unknown): Promise<T> => {
    stops.push(() => starting.then(stop, () => {}))
    return starting
  }
  const log = { info() {}, warn: console.warn }
  const postgres = await keep(startPostgres({ dataDir: folder, log }), running => running.close())
  const databases: Sql[] = []
  const profile = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : []

  return {
    folder,
    postgresPid: postgres.pid(),
    async settle() {
      for (const sql of databases) await sql`vacuum analyze`
    },
    onStop: stop => void stops.push(stop),
    async database(name) {
      const admin = connect(postgres.url, { max: 1 })
      await admin`create database ${admin(name)}`
      await admin.end()
      const url = databaseUrl(postgres.url, name)
      await migrate(url)
      const sql = connect(url)
      databases.push(sql)
      stops.push(() => sql.end({ timeout: 1 }))
      const silent = { info() {}, warn() {}, error() {} }
      const keys = await openKeys(sql, Buffer.from(processMasterKey, 'hex'))
      return { url, ctx: { sql, keys, log: silent, now: () => new Date(), announce() {}, toDevice() {} } }
    },
    server({ url }) {
      const dataDir = mkdtempSync(join(folder, 'server-'))
      mkdirSync(dataDir, { recursive: true })
      const nodeFlags = [...inspectable, ...profile]
      return keep(startProcess({ databaseUrl: url, dataDir, nodeFlags }), server => server.stop())
    },
    child(file, nodeFlags = []) {
      const child = startChild(file, nodeFlags)
      stops.push(() => child.stop())
      return child
    },
  }
}
