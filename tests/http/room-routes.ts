import type { Role } from '../../schema/api/shared.ts'
import { book } from '../../server/domain/bookings.ts'
import { makeRoom } from '../../server/domain/rooms.ts'
import { announceWorkshop, signUp } from '../../server/domain/workshops.ts'
import type { Sample } from './routes.ts'
import type { Server, Site } from './server-for-tests.ts'

const caretaker: Role[] = ['landlord', 'caretaker']
const helper: Role[] = [...caretaker, 'volunteer']
const reason = 'because'
const quarterMs = 15 * 60_000
/** So many hours from now, on the quarter of an hour. */
const soon = (hours: number): Date => new Date(Math.ceil(Date.now() / quarterMs) * quarterMs + hours * 3_600_000)
const hours = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, from: '00:00', until: '00:00' }))

/** Two rooms, and what is booked in the first: by its resident, and workshops of theirs and of their neighbour's. */
export async function bookable(server: Server, about: { site: Site; neighbour: string; spareDoor: string }) {
  const { site, neighbour, spareDoor } = about
  const { ctx } = server
  const usual = { name: 'Atelier', capacity: 12, hours, holidays: 'none', actorId: neighbour } as const
  const { id: bookableRoom } = await makeRoom(ctx, { doorId: site.doorId(5), ...usual })
  const { id: otherRoom } = await makeRoom(ctx, { doorId: spareDoor, ...usual })
  const residentId = site.resident.id
  const span = (from: number) => ({ roomId: bookableRoom, from: soon(from), until: soon(from + 1) })
  const { id: booking } = await book(ctx, { residentId, ...span(2), means: 'totp' })
  const { id: moved } = await book(ctx, { residentId, ...span(14) })
  const { id: lost } = await book(ctx, { residentId, ...span(4) })
  const workshop = async (hostId: string, from: number) =>
    (await announceWorkshop(ctx, { hostId, title: 'Couture', places: 2, ...span(from) })).id
  const workshops = { theirs: await workshop(neighbour, 6), own: await workshop(residentId, 8) }
  const seat = await workshop(neighbour, 10)
  await signUp(ctx, { id: seat, residentId })
  return { bookableRoom, otherRoom, booking, moved, lost, ...workshops, seat, off: await workshop(neighbour, 12) }
}

type Things = Awaited<ReturnType<typeof bookable>> & Record<'spareDoor' | 'neighbour' | 'resident', string>
type Both = { own: Things; away: Things; foreignSite: { siteId: string } }

export function roomRoutes({ siteId }: Site, { own, away, foreignSite }: Both): Record<string, Sample> {
  const clerk = (id: string, foreign: string, body?: Record<string, unknown>) => ({
    ...{ roles: caretaker, params: { id }, foreign: { id: foreign }, ...(body ? { body } : {}) },
  })
  const member = (id: string, foreign: string, body?: Record<string, unknown>) => ({
    ...{ roles: ['resident'] as Role[], params: { id }, foreign: { id: foreign }, ...(body ? { body } : {}) },
  })
  const day = soon(2).toISOString().slice(0, 10)
  const span = (from: number) => ({ from: soon(from).toISOString(), until: soon(from + 1).toISOString() })
  const { siteId: otherSite } = foreignSite
  const rules = {
    ...{ name: 'Cuisine', capacity: 8, bufferMs: 0, longestMs: 7_200_000, aheadMs: 86_400_000, holidays: 'none' },
    ...{ whoMayBook: 'caretaker', noShowMs: 900_000 },
  }
  return {
    'GET /api/rooms': { roles: helper, query: { siteId }, foreign: foreignSite },
    'POST /api/rooms': {
      ...{ roles: caretaker, foreign: { doorId: away.spareDoor }, status: 201 },
      body: { doorId: own.spareDoor, places: 4, hours, ...rules },
    },
    'POST /api/rooms/{id}/change': clerk(own.otherRoom, away.otherRoom, rules),
    'POST /api/rooms/{id}/hours': clerk(own.otherRoom, away.otherRoom, { hours }),
    'POST /api/rooms/{id}/exceptions': clerk(own.otherRoom, away.otherRoom, {
      ...{ day, is: 'open', from: '10:00', until: '16:00', reason },
    }),
    'POST /api/rooms/{id}/retire': clerk(own.otherRoom, away.otherRoom, { reason }),
    'GET /api/rooms/{id}/day': { ...clerk(own.bookableRoom, away.bookableRoom), roles: helper, query: { day } },
    'POST /api/rooms/{id}/names': { ...clerk(own.bookableRoom, away.bookableRoom, { day, reason }), roles: helper },
    'POST /api/rooms/{id}/bookings': {
      ...clerk(own.bookableRoom, away.bookableRoom, {
        ...{ ...span(20), residentId: own.neighbour, means: 'badge', badge: '04a2b9c3' },
      }),
      ...{ foreign: { id: away.bookableRoom, residentId: away.resident }, status: 201 },
    },
    'POST /api/bookings/{id}/change': clerk(own.moved, away.moved, span(30)),
    'POST /api/bookings/{id}/cancel': clerk(own.lost, away.lost, { reason }),
    'POST /api/workshops/{id}/cancel': clerk(own.off, away.off, { reason }),
    'POST /api/sites/{id}/lock-down': { ...clerk(siteId, otherSite, { reason, forMs: 600_000 }), status: 202 },
    'POST /api/sites/{id}/hold-open': { ...clerk(siteId, otherSite, { reason, forMs: 600_000 }), status: 202 },
    'POST /api/sites/{id}/normal': { ...clerk(siteId, otherSite, { reason }), status: 202 },
    'GET /api/me/rooms': { roles: ['resident'] },
    'GET /api/me/rooms/{id}/slots': { ...member(own.bookableRoom, away.bookableRoom), query: { day } },
    'GET /api/me/bookings': { roles: ['resident'] },
    'POST /api/me/bookings': {
      ...{ roles: ['resident'], foreign: { roomId: away.bookableRoom }, status: 201 },
      body: { roomId: own.bookableRoom, ...span(24), means: 'code' },
    },
    'POST /api/me/bookings/{id}/change': member(own.booking, away.booking, span(26)),
    'GET /api/me/bookings/{id}/code': member(own.booking, away.booking),
    'POST /api/me/bookings/{id}/cancel': member(own.booking, away.booking),
    'GET /api/me/workshops': { roles: ['resident'] },
    'POST /api/me/workshops': {
      ...{ roles: ['resident'], foreign: { roomId: away.bookableRoom }, status: 201 },
      body: { roomId: own.bookableRoom, title: 'Tricot', places: 6, ...span(28), means: 'totp' },
    },
    'GET /api/me/workshops/{id}/code': member(own.own, away.own),
    'POST /api/me/workshops/{id}/sign-up': member(own.theirs, away.theirs, { means: 'code' }),
    'POST /api/me/workshops/{id}/leave': member(own.seat, away.seat),
    'POST /api/me/workshops/{id}/cancel': member(own.own, away.own),
  }
}
