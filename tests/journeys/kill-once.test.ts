import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { admin, asPerson } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { holdingProxy } from '../support/holding-proxy.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'

let database: FreshDatabase
let dataDir: string
let server: ServerProcess

beforeEach(async () => {
  database = await freshDatabase()
  dataDir = mkdtempSync(join(tmpdir(), 'doors-once-'))
})
afterEach(async () => {
  server?.child.kill('SIGKILL')
  await database.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

/** A bank, the landlord's token, and one request with one key that can be sent again and again. */
async function prepared(databaseUrl: string) {
  server = await startProcess({ databaseUrl, dataDir })
  const { body: session } = await asPerson(server.url)('POST', '/api/sessions', admin)
  const landlord = asPerson(server.url, String(session.token))
  const siteId = String((await landlord('POST', '/api/sites', { name: 'Conciergerie' })).body.id)
  const doors = [{ door: 1, kind: 'room', doorSensor: true, occupancySensor: false }]
  await landlord('POST', '/api/controllers', { id: 'once-room', siteId, name: 'Salle', doors })
  const [door] = await database.sql<{ id: string }[]>`select id from doors`
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  const body = { doorId: door!.id, from: at(0), until: at(3_600_000), means: 'code', uses: 1, reason: 'inspection' }
  const key = randomUUID()
  const ask = async () => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${session.token}`,
      'idempotency-key': key,
    }
    const answer = await fetch(`${server.url}/api/grants`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: answer.status, body: (await answer.json()) as { id: string; code: string } }
  }
  return { siteId, ask }
}

const grants = () => database.sql<{ id: string }[]>`select id from grants`

async function afterTheKill(ask: Awaited<ReturnType<typeof prepared>>['ask']) {
  server = await startProcess({ databaseUrl: database.url, dataDir })
  const answers = await Promise.all([ask(), ask(), ask()])
  const [grant, ...more] = await grants()
  expect(more).toEqual([])
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 201, body: { id: grant!.id, code: expect.stringMatching(/^\d{8}$/) } })
  expect(await database.sql`select 1 from history where type = 'grant-made'`).toHaveLength(1)
}

test('killed after the commit and before the answer: the repeat gets the answer, and it was done once', async () => {
  const proxy = await holdingProxy(database.url)
  try {
    const { ask } = await prepared(proxy.url)
    proxy.hold()
    const unanswered = ask().catch(() => 'no answer')
    await eventually(proxy.isHeld)
    await eventually(async () => (await grants()).length === 1)
    await server.kill()
    expect(await unanswered).toBe('no answer')
    await afterTheKill(ask)
  } finally {
    proxy.close()
  }
}, 60_000)

test('killed before the commit: nothing of it is left, and the repeat does it', async () => {
  const { siteId, ask } = await prepared(database.url)
  await database.sql.begin(async tx => {
    // the history is written last: everything else of the request has been by then
    await tx`select 1 from sites where id = ${siteId} for update`
    const unanswered = ask().catch(() => 'no answer')
    await eventually(async () => {
      const [row] = await database.sql`
        select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      return row!.n > 0
    })
    await server.kill()
    expect(await unanswered).toBe('no answer')
  })
  expect(await grants()).toEqual([])
  await afterTheKill(ask)
}, 60_000)
