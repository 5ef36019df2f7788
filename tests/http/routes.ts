import type { Role } from '../../schema/api/shared.ts'
import { appendHistory } from '../../server/store/history.ts'
import { accountRoutes } from './account-routes.ts'
import { alertRoutes } from './alert-routes.ts'
import { peopleRoutes } from './people-routes.ts'
import { roomRoutes } from './room-routes.ts'
import { landlord, makeSite, type Server, type Site } from './server-for-tests.ts'
import { things } from './things.ts'

export type Sample = {
  /** undefined: anyone */
  roles?: Role[]
  params?: Record<string, string>
  query?: Record<string, string>
  body?: Record<string, unknown>
  /** members that name something, each with one of another site */
  foreign?: Record<string, string>
  /** members that only choose among what is visible: a foreign one finds nothing */
  choose?: Record<string, string>
  status?: number
  /** what the good request is answered here, when that is a refusal */
  refused?: number
  /** of its body, where it is more than usual */
  mostBytes?: number
}

const caretaker: Role[] = ['landlord', 'caretaker']
const helper: Role[] = [...caretaker, 'volunteer']
const technical: Role[] = [...caretaker, 'technician']
const staff: Role[] = [...helper, 'technician']
const courier: Role[] = [...helper, 'courier']
const everybody: Role[] = [...staff, 'courier', 'resident']
const reason = 'because'
const at = (ms: number) => new Date(Date.now() + ms).toISOString()

/** Every route with one good request, in an order in which all of them succeed. */
export async function sampleRoutes(server: Server, site: Site): Promise<Record<string, Sample>> {
  const other = await makeSite(server, 'bank-other')
  const own = await things(server, site)
  const away = await things(server, other)
  const { siteId, controllerId } = site
  const foreignSite = { siteId: other.siteId }
  const foreignBank = { controllerId: other.controllerId }
  const door = { door: 1, kind: 'compartment', size: 'S', doorSensor: true, occupancySensor: true }
  const receipt = (await server.sql<{ receipt: string }[]>`select receipt from parcels where id = ${own.code}`)[0]!
  const parcel = (id: string) => ({ roles: courier, params: { id }, foreign: { id: away.code } })
  const now = new Date()
  const lost = { type: 'loss', at: now, receivedAt: now, controllerId, suspect: 'events-lost' } as const
  await server.sql.begin(tx => appendHistory(tx, siteId, [lost]))
  const [suspect] = await server.sql<{ n: number }[]>`select n from history where type = 'loss'`
  const withReason = (id: string) => ({
    ...{ roles: caretaker, params: { id }, body: { reason } as Record<string, unknown>, foreign: { id: away.code } },
  })
  const history = { siteId, doorId: own.door, parcelId: own.code, controllerId, type: 'parcel-placing' }
  return {
    'GET /health': {},
    'GET /ready': {},
    'POST /api/sessions': { body: landlord, status: 201 },
    'POST /api/sign-in-codes': { body: { memberNumber: '12345678', by: 'email' }, status: 202 },
    'GET /api/sessions/me': { roles: everybody },
    'POST /api/setup': {
      body: { token: 'x'.repeat(43), email: 'first@example.org', password: 'a long password', name: 'First' },
      status: 201,
      refused: 410,
    },
    'GET /api/receipts/{number}': { params: { number: receipt.receipt } },
    'POST /api/sites': { roles: ['landlord'], body: { name: 'Lyon' }, status: 201 },
    'GET /api/sites': { roles: everybody },
    'POST /api/accounts': {
      roles: ['landlord'],
      body: { email: 'new@example.org', name: 'New', role: 'caretaker', password: 'a long one too', siteIds: [siteId] },
      status: 201,
    },
    'GET /api/accounts': { roles: ['landlord'] },
    ...(await accountRoutes(server, siteId)),
    'POST /api/controllers': {
      roles: technical,
      body: { id: 'bank-new', siteId, name: 'New', doors: [door] },
      foreign: foreignSite,
      status: 201,
    },
    'GET /api/controllers': { roles: staff, query: { siteId }, foreign: foreignSite },
    'GET /api/controllers/{id}': {
      roles: staff,
      params: { id: controllerId },
      foreign: { id: other.controllerId },
    },
    'POST /api/controllers/{id}/credentials': {
      roles: technical,
      params: { id: own.spare },
      body: { reason },
      foreign: { id: away.spare },
      status: 201,
    },
    'POST /api/controllers/{id}/places': {
      roles: technical,
      params: { id: controllerId },
      body: { doors: [{ door: 1, column: 2, row: 1 }] },
      foreign: { id: other.controllerId },
    },
    'GET /api/doors': { roles: staff, query: { siteId }, foreign: foreignSite },
    'POST /api/doors/{id}/open': {
      roles: staff,
      params: { id: own.room },
      body: { reason },
      foreign: { id: away.room },
      status: 202,
    },
    'POST /api/doors/{id}/mode': {
      roles: caretaker,
      params: { id: own.room },
      body: { mode: 'free', forMs: 3_600_000, reason },
      foreign: { id: away.room },
      status: 202,
    },
    'POST /api/doors/{id}/end-alarm': {
      roles: helper,
      params: { id: own.room },
      body: { reason },
      foreign: { id: away.room },
    },
    'GET /api/orders/{id}': { roles: [...staff, 'courier'], params: { id: own.order }, foreign: { id: away.order } },
    ...peopleRoutes(site, { own, away, foreignSite }),
    'POST /api/grants': {
      roles: caretaker,
      body: { doorId: own.room, from: at(0), until: at(3_600_000), means: 'totp', residentId: own.resident, reason },
      foreign: { doorId: away.room, residentId: away.resident },
      status: 201,
    },
    'GET /api/grants': { roles: staff, query: { doorId: own.room }, foreign: { doorId: away.room } },
    'DELETE /api/grants/{id}': {
      roles: caretaker,
      params: { id: own.grant },
      foreign: { id: away.grant },
      status: 204,
    },
    'POST /api/parcels/{id}/code': {
      roles: caretaker,
      params: { id: own.code },
      body: { reason },
      foreign: { id: away.code },
    },
    'GET /api/availability': { roles: courier, query: { controllerId }, foreign: foreignBank },
    'GET /api/banks': { roles: courier, query: { siteId }, foreign: foreignSite },
    'GET /api/recipients': { roles: courier, query: { controllerId, q: '12' }, foreign: foreignBank },
    'GET /api/overdue': { roles: courier, query: { siteId }, foreign: foreignSite },
    'POST /api/parcels/{id}/take-back': { ...parcel(own.takeBack), status: 202 },
    'POST /api/parcels/{id}/taken': parcel(own.taken),
    'POST /api/parcels/{id}/not-there': parcel(own.notThere),
    'POST /api/shelf': {
      roles: courier,
      body: { siteId, residentId: own.resident, size: 'XL', shelf: 'A4', carrier: 'Poste', tracking: 'T2' },
      foreign: { ...foreignSite, residentId: away.resident },
      status: 201,
    },
    'POST /api/parcels/{id}/hand-over': {
      roles: helper,
      params: { id: own.shelved },
      body: { to: 'resident', reason },
      foreign: { id: away.code },
    },
    'POST /api/parcels/{id}/placed': parcel(own.placed),
    'POST /api/parcels/{id}/cancel': parcel(own.cancel),
    'POST /api/doors/{id}/looked': {
      roles: helper,
      params: { id: site.doorId(2) },
      body: { found: 'empty', reason },
      foreign: { id: away.door },
    },
    'POST /api/parcels/{id}/swap': { ...parcel(own.swap), body: { size: 'S', found: 'empty' }, status: 201 },
    'POST /api/parcels': {
      roles: courier,
      body: { controllerId, residentId: own.resident, size: 'S', carrier: 'Poste', tracking: 'T1' },
      foreign: { ...foreignBank, residentId: away.resident },
      status: 201,
    },
    'GET /api/parcels/{id}': { ...parcel(own.code), roles: [...courier, 'resident'] },
    'GET /api/parcels/{id}/proof': { ...parcel(own.code), roles: [...courier, 'resident'] },
    'GET /api/parcels': { roles: helper, query: { siteId, q: '12', ended: 'true' }, foreign: foreignSite },
    'POST /api/parcels/{id}/extend': {
      roles: [...helper, 'resident'],
      params: { id: own.code },
      body: { reason },
      foreign: { id: away.code },
    },
    'POST /api/parcels/{id}/hold': {
      roles: [...helper, 'resident'],
      params: { id: own.code },
      body: { until: at(5 * 24 * 3_600_000).slice(0, 10) },
      foreign: { id: away.code },
    },
    ...alertRoutes(site, { own, away, foreignSite }),
    'POST /api/parcels/{id}/delegate': {
      ...{ roles: ['resident'], params: { id: own.code }, foreign: { id: away.code }, status: 201, refused: 409 },
      body: { name: 'Zoé' },
    },
    'POST /api/delegates/{id}/revoke': {
      ...{ roles: ['resident'], params: { id: own.delegate }, foreign: { id: away.delegate } },
    },
    'POST /api/parcels/{id}/badge': {
      ...{ roles: caretaker, params: { id: own.code }, foreign: { id: away.code }, status: 201 },
      body: { badge: '04a2b9c1' },
    },
    'POST /api/parcels/{id}/new-code': withReason(own.code),
    'POST /api/parcels/{id}/reassign': {
      ...withReason(own.code),
      body: { residentId: own.neighbour, reason },
      foreign: { id: away.code, residentId: away.neighbour },
    },
    'POST /api/parcels/{id}/collect-for': { ...withReason(own.code), roles: helper, status: 202 },
    'POST /api/parcels/{id}/correct': { ...withReason(own.code), body: { state: 'collected', reason } },
    'POST /api/doors/{id}/retire': { ...withReason(site.doorId(4)), foreign: { id: away.door } },
    'POST /api/doors/{id}/return': {
      ...{
        roles: caretaker,
        params: { id: site.doorId(4) },
        body: { found: 'empty', reason },
        foreign: { id: away.door },
      },
    },
    'POST /api/audits': {
      roles: caretaker,
      body: { controllerId: own.spare, reason },
      foreign: foreignBank,
      status: 201,
    },
    'GET /api/audits': { roles: caretaker, query: { siteId }, foreign: foreignSite },
    'GET /api/audits/{id}': { roles: caretaker, params: { id: own.audit }, foreign: { id: away.audit } },
    'POST /api/audits/{id}/end': { roles: caretaker, params: { id: own.audit }, foreign: { id: away.audit } },
    'GET /api/suspects': {
      ...{ roles: technical, foreign: foreignSite },
      query: { siteId, settled: 'false', before: '1000000', limit: '5' },
    },
    'POST /api/suspects/settle': {
      ...{ roles: technical, body: { siteId, n: suspect!.n, note: reason }, foreign: foreignSite },
    },
    'GET /api/me': { roles: ['resident'] },
    'GET /api/me/looks': { roles: ['resident'] },
    'GET /api/me/parcels': { roles: ['resident'] },
    'POST /api/me/needs': { roles: ['resident'], body: { needsLowDoor: true } },
    ...roomRoutes(site, { own, away, foreignSite }),
    'GET /api/sites/{id}/rules': { roles: caretaker, params: { id: siteId }, foreign: { id: other.siteId } },
    'POST /api/sites/{id}/rules': {
      roles: caretaker,
      params: { id: siteId },
      body: {
        ...{ deadlineDays: 5, extensions: 1, extensionDays: 5, holdDays: 21, holidays: 'FR' },
        ...{ closedWeekdays: [7], closedDays: ['2026-12-24'], quietFrom: '21:00', quietUntil: '08:00' },
      },
      foreign: { id: other.siteId },
    },
    'GET /api/notices': { roles: caretaker, query: { siteId, state: 'dead', limit: '5' }, foreign: foreignSite },
    'POST /api/notices/{id}/retry': { roles: caretaker, params: { id: own.dead }, foreign: { id: away.dead } },
    'POST /api/notices/{id}/settle': {
      ...{ roles: caretaker, params: { id: own.dead }, foreign: { id: away.dead } },
      ...{ body: { note: reason }, refused: 409 },
    },
    'GET /api/history': {
      roles: caretaker,
      query: { ...history, suspect: 'false', from: at(-3_600_000), until: at(60_000), limit: '5' },
      foreign: foreignSite,
      choose: { doorId: away.door, parcelId: away.code, controllerId: other.controllerId, actorId: own.neighbour },
    },
    'GET /api/statistics': {
      roles: caretaker,
      query: { siteId, from: '2026-01-01', until: '2026-01-31', table: 'fill' },
      foreign: foreignSite,
    },
    'GET /api/actors': { roles: caretaker, query: { siteId }, foreign: foreignSite },
    'POST /api/controllers/{id}/retire': {
      roles: technical,
      params: { id: own.spare },
      body: { reason },
      foreign: { id: away.spare },
    },
    'DELETE /api/sessions/me': { roles: everybody, status: 204 },
  }
}
