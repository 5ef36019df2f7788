import { randomBytes } from 'node:crypto'
import type { AccountRole } from '../../schema/api/roles.ts'
import type { Changes, Context, DeviceWork } from '../../server/context.ts'
import { createAccount } from '../../server/domain/accounts.ts'
import { serverMetrics } from '../../server/http/metrics.ts'
import { type Http, startHttp } from '../../server/http/start.ts'
import { openKeys } from '../../server/keys.ts'
import { freshDatabase } from '../support/postgres.ts'
import { type Contract, makeContractCheck } from './contract-check.ts'

export const landlord = { email: 'landlord@example.org', password: 'a long password indeed' }

export type Answer<T = Record<string, unknown>> = { status: number; body: T; headers: Headers }
export type Worker = { id: string; email: string; password: string; token: string; ask: Ask }
export type Ask = <T = Record<string, never>>(
  method: string,
  path: string,
  body?: unknown,
  headers?: object,
) => Promise<Answer<T>>

type Settings = { withLandlord?: boolean; trustProxy?: boolean; publicUrl?: string }

/** The HTTP part over a database of its own; what would go to devices is gathered instead. */
export async function startForTests({ withLandlord = true, trustProxy = false, publicUrl }: Settings = {}) {
  const database = await freshDatabase()
  const devices: DeviceWork[] = []
  const errors: string[] = []
  let http: Http | undefined
  let shiftMs = 0
  const ctx: Context = {
    sql: database.sql,
    now: () => new Date(Date.now() + shiftMs),
    keys: await openKeys(database.sql, randomBytes(32)),
    log: { info() {}, warn: o => void errors.push(JSON.stringify(o)), error: o => void errors.push(JSON.stringify(o)) },
    announce: (changes: Changes) => http?.announce(changes),
    toDevice: work => void devices.push(work),
  }
  const admin = withLandlord ? { adminEmail: landlord.email, adminPassword: landlord.password } : {}
  const config = { host: '127.0.0.1', httpPort: 0, trustProxy, publicUrl, ...admin }
  let ready = true
  http = await startHttp(ctx, config, {
    metrics: serverMetrics(),
    isReady: () => ready,
    mqttServers: () => ({ mqtt: 'localhost:1883' }),
  })
  const { url } = http
  const fits = contractOf(url)
  return {
    ctx,
    url,
    devices,
    errors,
    sql: database.sql,
    forward(ms: number) {
      shiftMs += ms
    },
    setReady(value: boolean) {
      ready = value
    },
    ask: asker(url, fits),
    async signedIn(body: object): Promise<{ token: string; ask: Ask }> {
      const answer = await asker(url, fits)<{ token: string }>('POST', '/api/sessions', body)
      if (answer.status !== 201) throw new Error(`sign-in: ${JSON.stringify(answer.body)}`)
      return { token: answer.body.token, ask: asker(url, fits, answer.body.token) }
    },
    /** an account with that role, signed in */
    async worker(role: AccountRole, siteIds: string[], name = `${role}-${siteIds[0]}`): Promise<Worker> {
      const about = { email: `${name}@example.org`, password: 'another long one' }
      const { id } = await createAccount(ctx, { ...about, name: role, role, siteIds })
      return { id, ...about, ...(await this.signedIn(about)) }
    },
    async close() {
      await http?.close()
      await database.drop()
    },
  }
}
export type Server = Awaited<ReturnType<typeof startForTests>>

type Fits = (method: string, path: string, answer: { status: number; body: unknown }) => Promise<void>

/** Every answer that a test gets is compared with the server's own contract. */
function contractOf(url: string): Fits {
  let check: Promise<ReturnType<typeof makeContractCheck>> | undefined
  const read = async () => makeContractCheck((await (await fetch(`${url}/openapi.json`)).json()) as Contract)
  return async (method, path, answer) => {
    check ??= read()
    const problem = (await check)(method, path, answer)
    if (problem) throw new Error(`not as the contract says: ${problem}`)
  }
}

/** A body that is a string goes as it is. */
function asker(url: string, fits: Fits, token?: string): Ask {
  return async (method, path, body, extra = {}) => {
    const headers = {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...extra,
    }
    const sent = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: sent }) })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    const answer = {
      status: response.status,
      body: isJson && text ? JSON.parse(text) : text,
      headers: response.headers,
    }
    await fits(method, path, answer)
    return answer
  }
}

/** A site with one bank (three S boxes, one L) and a room, its people, and the bank shown as connected. */
export async function makeSite(server: Server, name = 'bank-1') {
  const admin = await server.signedIn(landlord)
  const { ask } = admin
  const siteId = (await ask<{ id: string }>('POST', '/api/sites', { name: 'Amiens' })).body.id
  const box = (door: number, size: string) => ({
    door,
    kind: 'compartment',
    size,
    doorSensor: true,
    occupancySensor: false,
  })
  const doors = [
    box(1, 'S'),
    box(2, 'S'),
    box(3, 'S'),
    box(4, 'L'),
    { door: 5, kind: 'room', name: 'Salle', doorSensor: true, occupancySensor: false },
  ]
  const enrolled = await ask('POST', '/api/controllers', { id: name, siteId, name: 'Banc', doors })
  if (enrolled.status !== 201) throw new Error(JSON.stringify(enrolled.body))
  await connectController(server, name)
  const resident = (
    await ask<{ id: string; memberNumber: string; pin: string }>('POST', '/api/residents', {
      siteId,
      name: 'Ada',
      flat: '12',
    })
  ).body
  await ask('POST', '/api/carriers', { siteId, name: 'Poste', code: `carrier-${name}` })
  const email = `${name}@example.org`
  await ask('POST', '/api/accounts', {
    email,
    name: 'Caretaker',
    role: 'caretaker',
    password: 'another long one',
    siteIds: [siteId],
  })
  const caretaker = await server.signedIn({ email, password: 'another long one' })
  const courier = await server.signedIn({ carrierCode: `carrier-${name}`, siteId })
  const wall = await ask<{ items: { id: string; door: number }[] }>('GET', `/api/doors?siteId=${siteId}`)
  const doorId = (door: number) => wall.body.items.find(each => each.door === door)!.id
  return { siteId, admin, caretaker, courier, resident, doorId, controllerId: name, enrolled: enrolled.body }
}
export type Site = Awaited<ReturnType<typeof makeSite>>

export async function connectController(server: Server, id: string): Promise<void> {
  await server.sql`
    update controllers set online = true, boot = 'boot-1', up = 1000, up_at = clock_timestamp(), last_heard_at = now() where id = ${id}`
  await server.sql`update doors set state = 'closed' where controller_id = ${id}`
}
