import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { makeSite } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { freshDatabase } from '../support/postgres.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'

export type Ready = { status: number; ready: boolean; reason?: string }

export async function readiness(url: string): Promise<Ready> {
  const answer = await fetch(`${url}/ready`)
  return { status: answer.status, ...((await answer.json()) as { ready: boolean; reason?: string }) }
}

export const untilReady = (url: string, withinMs = 20_000) =>
  eventually(async () => (await readiness(url)).ready, { withinMs })

/** A server process with a database of its own, a client of the broker at `mqttUrl`. */
export async function startWith(mqttUrl: string) {
  const database = await freshDatabase()
  const dataDir = mkdtempSync(join(tmpdir(), 'doors-external-'))
  const start = () => startProcess({ databaseUrl: database.url, dataDir, mqttUrl })
  let server: ServerProcess = await start()
  return {
    sql: database.sql,
    dataDir,
    get url() {
      return server.url
    },
    get mqttPort() {
      return server.mqttPort
    },
    kill: () => server.kill(),
    async restart() {
      server = await start()
    },
    async close() {
      server.child.kill('SIGKILL')
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
export type World = Awaited<ReturnType<typeof startWith>>

export type Bank = { id: string; password: string; codeKey: string }
export type Landlord = Awaited<ReturnType<typeof makeSite>>['landlord']

/** One more controller at the site, with two compartments. */
export async function enrol(landlord: Landlord, siteId: string, id: string): Promise<Bank> {
  const doors = [1, 2].map(door => ({ door, kind: 'compartment', size: 'S', doorSensor: true, occupancySensor: true }))
  const { status, body } = await landlord('POST', '/api/controllers', { id, siteId, name: id, doors })
  if (status !== 201) throw new Error(`enrolment answered ${status} ${JSON.stringify(body)}`)
  return body as unknown as Bank
}
