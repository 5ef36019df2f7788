import type { Role } from '../../schema/api/shared.ts'
import type { Sample } from './routes.ts'
import type { Site } from './server-for-tests.ts'

const caretaker: Role[] = ['landlord', 'caretaker']
const reason = 'because'
const file = 'Nom;Appartement\r\nCléo;16\r\n'
const fileBytes = 8 * 1024 * 1024

type Things = Record<'resident' | 'neighbour' | 'newcomer' | 'carrier', string>
type Both = { own: Things; away: Things; foreignSite: { siteId: string } }

/** Residents and carriers. */
export function peopleRoutes({ siteId }: Site, { own, away, foreignSite }: Both): Record<string, Sample> {
  return {
    'POST /api/residents': {
      roles: caretaker,
      body: { siteId, name: 'Bo', flat: '3', pin: '4711' },
      foreign: foreignSite,
      status: 201,
    },
    'GET /api/residents': {
      ...{ roles: caretaker, foreign: { ...foreignSite, cursor: away.resident } },
      query: { siteId, q: 'Ada', movedOut: 'true', cursor: own.neighbour, limit: '5' },
    },
    'GET /api/residents/{id}': { roles: caretaker, params: { id: own.resident }, foreign: { id: away.resident } },
    'POST /api/residents/{id}/change': {
      ...{ roles: caretaker, params: { id: own.neighbour }, foreign: { id: away.neighbour } },
      body: {
        ...{ name: 'Bo', flat: '15', needsLowDoor: true, email: 'bo@example.org', phone: '0612345678' },
        ...{ language: 'en', tellBy: ['sms'] },
      },
    },
    'POST /api/residents/{id}/pin': {
      ...{ roles: caretaker, params: { id: own.neighbour }, foreign: { id: away.neighbour } },
      ...{ body: { pin: '4711' }, status: 201 },
    },
    'POST /api/residents/{id}/move-out': {
      ...{ roles: caretaker, params: { id: own.newcomer }, body: { reason }, foreign: { id: away.newcomer } },
    },
    'POST /api/residents/preview': {
      ...{ roles: caretaker, body: { siteId, text: file }, foreign: foreignSite, mostBytes: fileBytes },
    },
    'POST /api/residents/import': {
      ...{ roles: caretaker, body: { siteId, text: file, skipWrong: false }, foreign: foreignSite, status: 201 },
      mostBytes: fileBytes,
    },
    'POST /api/residents/export': { roles: caretaker, body: { siteId, reason }, foreign: foreignSite },
    'POST /api/carriers': {
      roles: caretaker,
      body: { siteId, name: 'Rapide', code: 'rapide-1' },
      foreign: foreignSite,
      status: 201,
    },
    'POST /api/carriers/{id}/code': {
      ...{
        roles: caretaker,
        params: { id: own.carrier },
        body: { reason },
        foreign: { id: away.carrier },
        status: 201,
      },
    },
    'POST /api/carriers/{id}/end': {
      ...{ roles: caretaker, params: { id: own.carrier }, body: { reason }, foreign: { id: away.carrier } },
    },
    'GET /api/carriers': { roles: caretaker, query: { siteId }, foreign: foreignSite },
    'POST /api/residents/{id}/contact': {
      roles: [...caretaker, 'resident'],
      params: { id: own.resident },
      body: { email: 'ada@example.org', phone: '06 12 34 56 78', language: 'en', tellBy: ['email', 'sms'] },
      foreign: { id: away.resident },
    },
  }
}
