import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SimController, startController } from '../../firmware-sim/controller.ts'
import { totpAt } from '../../schema/wire/codes.ts'
import { type Server, startServer } from '../../server/server.ts'
import { type Api, admin, signIn } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'

let database: FreshDatabase
let server: Server
let landlord: Api
let sim: SimController
let siteId: string
let shiftMs = 0
const minuteMs = 60_000

beforeAll(async () => {
  database = await freshDatabase()
  server = await startServer({
    ...{ host: '127.0.0.1', httpPort: 0, mqttPort: 0, dataDir: '', databaseUrl: database.url, logLevel: 'error' },
    ...{ masterKey: randomBytes(32), publicUrl: null, trustProxy: false },
    ...{ adminEmail: admin.email, adminPassword: admin.password },
  })
  landlord = await signIn(server.url, admin)
  siteId = String((await landlord('POST', '/api/sites', { name: 'Les Érables' })).body.id)
  const room = { door: 1, kind: 'room' as const, doorSensor: true, occupancySensor: false }
  const box = { door: 2, kind: 'compartment' as const, size: 'S' as const, doorSensor: true, occupancySensor: true }
  const doors = [{ ...room, name: 'Salle 1' }, box]
  const { body } = await landlord('POST', '/api/controllers', { id: 'salle', siteId, name: 'Salle', doors })
  const { password, codeKey } = body as Record<string, string>
  const now = () => performance.timeOrigin + performance.now() + shiftMs
  sim = await startController({
    id: 'salle',
    password: password!,
    codeKey: codeKey!,
    doors: [room, box],
    mqttUrl: server.mqttUrl,
    now,
  })
  await eventually(async () => (await wall()).length === 2 && sim.state().connected, { withinMs: 20_000 })
})
afterAll(async () => {
  await sim?.stop()
  await server?.close()
  await database?.drop()
})

type WallDoor = { id: string; door: number; mode: string }
async function wall(): Promise<WallDoor[]> {
  const { body } = await landlord('GET', `/api/doors?siteId=${siteId}`)
  return body.items as unknown as WallDoor[]
}
const door = async (number: number) => (await wall()).find(each => each.door === number)!
const orderState = async (id: unknown) => (await landlord('GET', `/api/orders/${id}`)).body.state

async function setMode(body: object) {
  const { id } = await door(1)
  const answer = await landlord('POST', `/api/doors/${id}/mode`, { reason: 'open day', ...body })
  expect(answer).toMatchObject({ status: 202, body: { orderId: expect.any(String) } })
  await eventually(async () => (await orderState(answer.body.orderId)) === 'done')
}

async function grant(means: 'code' | 'totp', fromMs: number) {
  const span = { from: new Date(Date.now() + fromMs), until: new Date(Date.now() + fromMs + 60 * minuteMs) }
  const { id } = await door(1)
  const answer = await landlord('POST', '/api/grants', { doorId: id, ...span, means, reason: 'workshop' })
  expect(answer.status).toBe(201)
  const made = await database.sql<{ made: number }[]>`select grants_made as made from controllers where id = 'salle'`
  await eventually(() => sim.state().versions.grants >= made[0]!.made)
  return answer.body as unknown as Record<'id' | 'from' | 'code' | 'uri', string>
}

test('a room is held open, then locked to codes but not to the caretaker, then normal again', async () => {
  const { code } = await grant('code', 0)
  await setMode({ mode: 'free', forMs: 10 * minuteMs })
  expect((await door(1)).mode).toBe('free')
  expect(sim.state().doors[0]).toMatchObject({ mode: 'free', bolt: 'unlocked' })

  await setMode({ mode: 'locked', forMs: 10 * minuteMs })
  expect((await door(1)).mode).toBe('locked')
  expect(await sim.typeCode(1, code)).toMatchObject({ result: 'refused' })
  const opened = await landlord('POST', `/api/doors/${(await door(1)).id}/open`, { reason: 'someone waits' })
  await eventually(async () => (await orderState(opened.body.orderId)) === 'done')

  await setMode({ mode: 'normal' })
  expect((await door(1)).mode).toBe('normal')
  expect(await sim.typeCode(1, code)).toEqual({ result: 'open', door: 1 })
})

test('a mode ends by itself, and the wall says so', async () => {
  await setMode({ mode: 'free', forMs: minuteMs })
  shiftMs += minuteMs
  // anything that happens lets the device look at its clock
  sim.pressExit(1)
  await eventually(async () => (await door(1)).mode === 'normal')
})

test('a compartment has no mode, a mode needs its time, and each leaves a grant of its own', async () => {
  const asked = { mode: 'free', forMs: minuteMs, reason: 'x' }
  const box = await landlord('POST', `/api/doors/${(await door(2)).id}/mode`, asked)
  expect(box).toMatchObject({ status: 409, body: { error: { reason: 'not-a-room' } } })
  const { id } = await door(1)
  for (const body of [
    { mode: 'free', reason: 'x' },
    { mode: 'normal', forMs: minuteMs, reason: 'x' },
  ])
    expect(await landlord('POST', `/api/doors/${id}/mode`, body)).toMatchObject({
      status: 400,
      body: { error: { field: 'forMs' } },
    })
  const orders = await database.sql<{ grantId: string }[]>`select grant_id from orders where type = 'mode'`
  const grants = await database.sql`
    select means, uses, purpose from grants where id = any(${orders.map(each => each.grantId)}::uuid[])`
  expect(grants).toHaveLength(orders.length)
  for (const each of grants) expect(each).toEqual({ means: 'order', uses: 1, purpose: 'mode' })
})

test('a booked room may be entered 15 minutes early, and no earlier', async () => {
  const soon = await grant('code', 14 * minuteMs)
  expect(await sim.typeCode(1, soon.code)).toEqual({ result: 'open', door: 1 })
  const later = await grant('code', 17 * minuteMs)
  expect(await sim.typeCode(1, later.code)).toMatchObject({ result: 'refused', reason: 'early' })
})

test('a rotating code comes from the address the grant told', async () => {
  const { uri } = await grant('totp', 0)
  const told = new URL(uri)
  expect(told.protocol).toBe('otpauth:')
  expect(decodeURIComponent(told.pathname)).toBe('/Les Érables:Salle 1')
  const { secret, digits, period, algorithm } = Object.fromEntries(told.searchParams)
  expect({ digits, period, algorithm }).toEqual({ digits: '8', period: '30', algorithm: 'SHA1' })
  const code = totpAt({ secret: secret!, digits: 8, period: 30 }, sim.state().clock.time)
  expect(await sim.typeCode(1, code)).toEqual({ result: 'open', door: 1 })
})

test('what happened over the wire is counted', async () => {
  // an event may be committed between the two questions
  const number = await eventually(async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text()
    const number = (series: string) =>
      Number(
        text
          .split('\n')
          .find(line => line.startsWith(`${series} `))
          ?.split(' ')[1],
      )
    const [recorded] = await database.sql<{ n: number }[]>`select count(*)::int as n from history where seq is not null`
    return number('doors_events_total') === recorded!.n && number
  })
  expect(number('doors_messages_total{kind="status"}')).toBeGreaterThan(0)
  expect(number('doors_messages_total{kind="events"}')).toBeGreaterThan(0)
  expect(number('doors_flight_messages_count')).toBe(number('doors_flight_seconds_count'))
  expect(number('doors_controllers{online="true"}')).toBe(1)
  expect(number('doors_orders{type="mode",state="done"}')).toBe(4)
})
