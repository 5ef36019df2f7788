import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { startController } from '../../firmware-sim/controller.ts'
import type { GrantView } from '../../schema/api/grants.ts'
import type { OwnBooking, RoomDay } from '../../schema/api/rooms.ts'
import type { WallController, WallDoor } from '../../schema/api/wall.ts'
import { startServer } from '../../server/server.ts'
import { admin, signIn } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { freshDatabase } from '../support/postgres.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

export type Made = { id: string; from: number; until: number; code: string; secret: string }
type Wish = { means: 'code' | 'totp' | 'badge'; from: number; badge?: string; uses?: 0 | 1 }
type Wall = WallController & { doors: WallDoor[] }
const id = 'salle'

/** The server and the controller of one room's door, both in this process, with one time that goes on as the test says. */
export async function openRoom() {
  const database = await freshDatabase()
  let shiftMs = 0
  const server = await startServer(
    {
      ...{ host: '127.0.0.1', httpPort: 0, mqttPort: 0, dataDir: '', databaseUrl: database.url, logLevel: 'error' },
      ...{ masterKey: randomBytes(32), publicUrl: null, trustProxy: false },
      ...{ adminEmail: admin.email, adminPassword: admin.password },
    },
    { now: () => new Date(Date.now() + shiftMs) },
  )
  let landlord = await signIn(server.url, admin)
  const siteId = String((await landlord('POST', '/api/sites', { name: 'Conciergerie' })).body.id)
  const room = { door: 1, kind: 'room' as const, doorSensor: true, occupancySensor: false }
  const doors = [{ ...room, name: 'Atelier' }]
  const { body } = await landlord('POST', '/api/controllers', { id, siteId, name: 'Atelier', doors })
  const { password, codeKey } = body as Record<string, string>
  const secrets = { password: password!, codeKey: codeKey! }
  const monotonic = () => performance.timeOrigin + performance.now() + shiftMs
  const sim = await startController({ id, ...secrets, doors: [room], mqttUrl: server.mqttUrl, now: monotonic })
  const controller = async () => (await landlord('GET', `/api/controllers/${id}`)).body as unknown as Wall
  const isOnline = (online: boolean) =>
    eventually(async () => (await controller()).online === online && sim.state().connected === online, {
      withinMs: 15_000,
    })
  await isOnline(true)
  const doorId = (await controller()).doors[0]!.id
  const now = () => Date.now() + shiftMs
  const grants = async () =>
    (await landlord('GET', `/api/grants?doorId=${doorId}`)).body.items as unknown as GrantView[]

  return {
    sim,
    sql: database.sql,
    now,
    controller,
    door: async () => (await controller()).doors[0]!,
    grants,
    grantNow: async ({ id }: { id: string }) => (await grants()).find(each => each.id === id)!,
    /** whoever was signed in days ago signs in again */
    async signInAgain() {
      landlord = await signIn(server.url, admin)
    },
    ask: (...request: Parameters<typeof landlord>) => landlord(...request),
    siteMode: (mode: 'hold-open' | 'lock-down', forMs: number) =>
      landlord('POST', `/api/sites/${siteId}/${mode}`, { forMs, reason: 'exercise' }),
    goTo(ms: number) {
      shiftMs += ms - now()
    },
    pass(ms: number) {
      shiftMs += ms
    },
    /** Booked for an hour from then. */
    async grant({ from, ...more }: Wish): Promise<Made> {
      const until = from + hourMs
      const span = { from: new Date(from), until: new Date(until) }
      const { status, body } = await landlord('POST', '/api/grants', { doorId, ...span, ...more, reason: 'booked' })
      expect(status).toBe(201)
      const { code = '', uri } = body as unknown as Record<string, string>
      const secret = uri ? new URL(uri).searchParams.get('secret')! : ''
      return { id: String(body.id), from, until, code, secret }
    },
    async goesAway() {
      sim.cutNetwork()
      await isOnline(false)
    },
    /** back, and everything it had to tell is recorded */
    async comesBack() {
      sim.restoreNetwork()
      await isOnline(true)
      await eventually(() => sim.state().connected && sim.state().journal.unacked === 0, { withinMs: 15_000 })
    },
    allTold: () => eventually(() => sim.state().connected && sim.state().journal.unacked === 0),
    listIsKnown: () =>
      eventually(async () => {
        const { made, known } = (await controller()).grantsVersion
        return known >= made
      }),
    /** The room can be booked day and night, by a member who is here. */
    async makeBookable() {
      const hours = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, from: '00:00', until: '00:00' }))
      const room = { doorId, name: 'Atelier', capacity: 12, hours, holidays: 'none' }
      const { id: roomId } = (await landlord('POST', '/api/rooms', room)).body
      const { memberNumber, pin } = (await landlord('POST', '/api/residents', { siteId, name: 'Ada', flat: '12' })).body
      const member = await signIn(server.url, { memberNumber, pin })
      return {
        async book(from: number) {
          const span = { from: new Date(from), until: new Date(from + hourMs) }
          const { status, body } = await member('POST', '/api/me/bookings', { roomId, ...span })
          expect(status).toBe(201)
          const { code } = (await member('GET', `/api/me/bookings/${body.id}/code`)).body
          return { id: String(body.id), from, code: String(code) }
        },
        cancel: (id: string) => member('POST', `/api/me/bookings/${id}/cancel`, {}),
        async own(id: string) {
          const { items } = (await member('GET', '/api/me/bookings')).body as unknown as { items: OwnBooking[] }
          return items.find(each => each.id === id)!
        },
        async onDay({ id, from }: { id: string; from: number }) {
          const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(from)
          const { body } = await landlord('GET', `/api/rooms/${roomId}/day?day=${day}`)
          return (body as unknown as RoomDay).bookings.find(each => each.id === id)!
        },
      }
    },
    async close() {
      await sim.stop()
      await server.close()
      await database.drop()
    },
  }
}
export type Room = Awaited<ReturnType<typeof openRoom>>
